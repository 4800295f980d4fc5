namespace CfLogStream.Core.Traffic;

/// <summary>Everything that decides a classification; a change is a new generation.</summary>
public sealed record ClassificationSettings
{
    /// <summary>The version of these settings; written with aggregates' progress so that replays use the same.</summary>
    public uint Generation { get; init; } = 1;

    /// <summary>Names of extra fields, in the reader's order.</summary>
    public IReadOnlyList<string> ExtraFields { get; init; } = [];

    /// <summary>One of so many passed requests carries its texts and is kept; 0 keeps none.</summary>
    public int SampleOneOf { get; init; } = 100;

    /// <summary>The user's path templates, for instance <c>/v1/users/{id}</c>, optionally bound to a host: <c>api.example.com/v1/users/{id}</c>.</summary>
    public IReadOnlyList<string> PathTemplates { get; init; } = [];

    /// <summary>Path templates of API descriptions (OpenAPI files), in the form of <see cref="PathTemplates"/>; their endpoints are APIs.</summary>
    public IReadOnlyList<string> ApiTemplates { get; init; } = [];

    /// <summary>Surfaces by host and path pattern; first match wins, before everything else.</summary>
    public IReadOnlyList<SurfaceOverride> Surfaces { get; init; } = [];

    /// <summary>User-agent tokens of the user, before the built-in ones of the same level.</summary>
    public IReadOnlyList<ClientToken> Clients { get; init; } = [];
}
