namespace CfLogStream.Core.Insight.Detection;

/// <summary>How often a field has a value among the requests that a rule stopped, and among those that passed on the same hosts meanwhile.</summary>
/// <param name="Stopped">All that the rule stopped, weighted.</param>
/// <param name="Judged">Of those, of the clients that look legitimate.</param>
/// <param name="Passed">Requests that nothing stopped, weighted.</param>
public sealed record FieldCount(string Field, string Value, double Stopped, double Judged, double Passed);
