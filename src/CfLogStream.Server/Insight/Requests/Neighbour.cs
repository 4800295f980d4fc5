namespace CfLogStream.Server.Insight.Requests;

/// <summary>Another kept request of the same caller about the same time. Texts are log text.</summary>
/// <param name="Time">UTC.</param>
/// <param name="OriginStatus">0 when the origin gave none, or it was not logged.</param>
/// <param name="Weight">How many requests it stands for.</param>
public sealed record Neighbour(
    DateTime Time, string Ray, string Method, string Host, string Path, string Outcome, int EdgeStatus, int OriginStatus, double Weight);
