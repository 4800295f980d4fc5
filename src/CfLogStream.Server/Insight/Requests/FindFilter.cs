using System.Net;

namespace CfLogStream.Server.Insight.Requests;

/// <summary>Which kept requests are looked for; what is empty does not matter.</summary>
public sealed record FindFilter
{
    /// <summary>The first moment, UTC.</summary>
    public required DateTime From { get; init; }

    /// <summary>The last moment, UTC.</summary>
    public required DateTime Until { get; init; }

    /// <summary>A part of the path, or with <c>*</c> for any characters the whole of it.</summary>
    public string Path { get; init; } = "";

    /// <summary>Whether upper and lower case of the path are different.</summary>
    public bool IsPathCase { get; init; }

    /// <summary>The host, in lower case; <c>*</c> stands for any characters.</summary>
    public string Host { get; init; } = "";

    public string Method { get; init; } = "";

    /// <summary>The first and the last address; IPv4 as IPv4 in IPv6.</summary>
    public (IPAddress First, IPAddress Last)? Addresses { get; init; }

    /// <summary>Ranges of the status that the client got; any of them.</summary>
    public IReadOnlyList<(int First, int Last)> Statuses { get; init; } = [];

    /// <summary>A part of the user agent, in any case.</summary>
    public string UserAgent { get; init; } = "";

    public string ClientClass { get; init; } = "";

    public string ClientName { get; init; } = "";

    /// <summary>A folded control that matched.</summary>
    public string Control { get; init; } = "";

    /// <summary>The id or the reference of a rule that matched.</summary>
    public string Rule { get; init; } = "";

    /// <summary>An outcome, or <c>lost</c> for all that are losses.</summary>
    public string Outcome { get; init; } = "";

    /// <summary>The most requests to return.</summary>
    public int Limit { get; init; } = 50;
}
