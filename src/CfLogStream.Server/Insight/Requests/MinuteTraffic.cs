namespace CfLogStream.Server.Insight.Requests;

/// <summary>What one kind of client did on a host in one minute: exact counts.</summary>
/// <param name="Window">The minute, UTC.</param>
/// <param name="Callers">Distinct callers, estimated.</param>
/// <param name="LostOnEndpoint">Lost requests on the request's own endpoint.</param>
/// <param name="RequestsOnEndpoint">Requests on the request's own endpoint.</param>
public sealed record MinuteTraffic(
    DateTime Window, long Requests, long Lost, long Callers, long RequestsOnEndpoint, long LostOnEndpoint);
