namespace CfLogStream.Generator;

/// <summary>A scenario that can be generated.</summary>
/// <param name="Name">Its name, for instance <c>custom-rule-hits-api</c>.</param>
/// <param name="Description">What happens in it, in one line.</param>
/// <param name="HeldOut">Whether it is kept for judging: nothing is to be tuned on it.</param>
public sealed record ScenarioInfo(string Name, string Description, bool HeldOut = false);
