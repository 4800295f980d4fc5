namespace CfLogStream.Server.Reports;

/// <summary>A rule that lets requests past other controls, with what rides on it.</summary>
/// <param name="Suspicious">Matches by scanners, or scored 1–20 by the WAF: attacks that may ride on the exemption.</param>
/// <param name="TopClients">The client classes that use it most, with their counts.</param>
public sealed record Exemption(
    string Zone,
    string Host,
    string Control,
    string RuleId,
    string Rule,
    string Action,
    ulong Matches,
    ulong Suspicious,
    ulong Callers,
    IReadOnlyList<KeyValuePair<string, ulong>> TopClients);
