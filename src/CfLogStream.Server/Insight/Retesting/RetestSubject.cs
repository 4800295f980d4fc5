namespace CfLogStream.Server.Insight.Retesting;

/// <summary>Which client on which endpoint is followed; what is empty does not matter.</summary>
public sealed record RetestSubject
{
    /// <summary>A client class; or, where <see cref="ClientName"/> is empty, a class or a name.</summary>
    public required string Client { get; init; }

    public string ClientName { get; init; } = "";

    public string Trust { get; init; } = "";

    public string Zone { get; init; } = "";

    public required string Host { get; init; }

    public string Method { get; init; } = "";

    /// <summary>The path template, for instance <c>/v1/users/{id}</c>.</summary>
    public required string Path { get; init; }

    /// <summary>The client as it is shown.</summary>
    public string ShownClient => Join("/", Client, ClientName, Trust);

    /// <summary>The endpoint as it is shown.</summary>
    public string ShownEndpoint => Join(" ", Method, Host + Path);

    private static string Join(string between, params ReadOnlySpan<string> parts) =>
        string.Join(between, parts.ToArray().Where(static part => part.Length > 0));
}
