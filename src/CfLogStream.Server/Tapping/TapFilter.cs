namespace CfLogStream.Server.Tapping;

/// <summary>Which records of the log are wanted; what is empty does not matter.</summary>
public sealed record TapFilter
{
    /// <summary>The host, in lower case.</summary>
    public string Host { get; init; } = "";

    /// <summary>How the path template begins.</summary>
    public string Path { get; init; } = "";

    /// <summary>The RayID, in lower case.</summary>
    public string Ray { get; init; } = "";

    /// <summary>The client class, for instance <c>webhook</c>.</summary>
    public string Client { get; init; } = "";

    /// <summary>Only requests that were not simply passed.</summary>
    public bool Stopped { get; init; }
}
