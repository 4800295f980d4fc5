namespace CfLogStream.Server.Insight.Requests;

/// <summary>A kept request that was looked for. Texts are log text.</summary>
/// <param name="Time">UTC.</param>
/// <param name="EdgeStatus">0 when not logged.</param>
/// <param name="OriginStatus">0 when the origin gave none; null when the job does not log it.</param>
/// <param name="Control">The control that ended the request, or the last that matched; empty when none did.</param>
/// <param name="Address">The client's address; empty when not logged.</param>
/// <param name="Weight">How many requests it stands for.</param>
/// <param name="IsEarly">Whether its minute is still open, or it lies past the cap of its minute, host and rule.</param>
public sealed record FoundRequest(
    DateTime Time,
    string Ray,
    string Method,
    string Host,
    string Path,
    int EdgeStatus,
    int? OriginStatus,
    string Outcome,
    bool Lost,
    string Control,
    string Action,
    string RuleId,
    string RuleDescription,
    string ClientClass,
    string ClientName,
    string Trust,
    string Address,
    string UserAgent,
    double Weight,
    bool IsEarly);
