using CfLogStream.Core.Insight.Requests;

namespace CfLogStream.Core.Insight.Detection;

/// <summary>A kept request that a rule stopped.</summary>
/// <param name="Class">The client's class.</param>
/// <param name="Name">The client's name.</param>
/// <param name="Weight">How many requests it stands for.</param>
/// <param name="Fields">What it was, as rules see it.</param>
public sealed record StoppedRequest(string Class, string Name, double Weight, KeptRequest Fields);
