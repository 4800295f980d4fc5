namespace CfLogStream.Server.Insight.Ownership;

/// <summary>Something that is wrong with the owners, or may be.</summary>
/// <param name="IsError">Whether it must be put right; else it is a warning.</param>
/// <param name="Place">Where, for instance <c>owners.yaml line 12</c>.</param>
/// <param name="Message">A sentence or two.</param>
public sealed record OwnerProblem(bool IsError, string Place, string Message);
