namespace CfLogStream.Server.Insight.Retesting;

/// <summary>A kept request of the client since the change.</summary>
/// <param name="Time">UTC.</param>
/// <param name="Status">What the client got; 0 when that was not logged.</param>
/// <param name="OriginStatus">What the origin answered; null when it was not asked or that was not logged.</param>
/// <param name="IsEarly">Whether its minute is still open.</param>
public sealed record RetestRay(DateTime Time, string Ray, string Outcome, int Status, int? OriginStatus, bool IsEarly);
