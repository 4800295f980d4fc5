namespace CfLogStream.Server.OpenApi;

/// <summary>How much of an API description is read before it is refused.</summary>
public sealed record OpenApiLimits
{
    /// <summary>The largest file.</summary>
    /// <value>Bytes; 32 MiB.</value>
    public int MaxBytes { get; init; } = 32 * 1024 * 1024;

    /// <summary>The deepest nesting of objects and lists.</summary>
    /// <value>Levels; 128.</value>
    public int MaxDepth { get; init; } = 128;

    /// <summary>The most nodes kept, each alias of YAML counted with all it stands for.</summary>
    /// <value>Nodes; 1,000,000.</value>
    /// <remarks>Only what is needed for paths and servers is kept, so this bounds alias bombs rather than honest files.</remarks>
    public int MaxNodes { get; init; } = 1_000_000;

    /// <summary>The most templates, after servers and their variables are multiplied out.</summary>
    /// <value>Templates; 50,000.</value>
    public int MaxTemplates { get; init; } = 50_000;
}
