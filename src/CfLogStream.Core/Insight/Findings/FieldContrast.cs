namespace CfLogStream.Core.Insight.Findings;

/// <summary>A field that separates stopped from passed requests on the same endpoints.</summary>
/// <param name="Field">The field's name in the table <c>requests</c>, for instance <c>country</c>.</param>
/// <param name="Value">Its value among the stopped ones; log text, to be escaped where it is shown.</param>
/// <param name="Stopped">Stopped requests with this value, of <paramref name="StoppedAll"/>.</param>
/// <param name="Passed">Passed requests with this value, of <paramref name="PassedAll"/>; kept ones, weighted.</param>
/// <param name="Separation">Youden's index of "field has this value" as a test for "stopped", 0 to 1.</param>
public sealed record FieldContrast(
    string Field, string Value, double Stopped, double StoppedAll, double Passed, double PassedAll, double Separation);
