namespace CfLogStream.Server.Insight.Ownership;

/// <summary>A team or person.</summary>
public sealed record TeamSection
{
    /// <summary>The name that entries use.</summary>
    /// <value>must be given.</value>
    public string Name { get; init; } = "";

    /// <summary>How to reach them: a channel, an address, a page.</summary>
    /// <value>must be given.</value>
    public string Contact { get; init; } = "";
}
