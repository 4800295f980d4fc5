namespace CfLogStream.Core.Traffic.Paths;

/// <summary>The template and surface of a request: known templates first, then the syntax rules.</summary>
/// <remarks>Immutable; shared by all threads. Nothing is allocated per request.</remarks>
public sealed class EndpointClassifier
{
    /// <summary>The room that <see cref="Classify"/> needs at most.</summary>
    public const int MaxTemplateBytes = PathTemplater.MaxTemplateBytes;

    private readonly TemplateSet _templates;
    private readonly SurfaceClassifier _surfaces;

    private EndpointClassifier(TemplateSet templates, SurfaceClassifier surfaces)
    {
        _templates = templates;
        _surfaces = surfaces;
    }

    /// <summary>Compiles settings; what cannot be used is left out and described in <paramref name="errors"/>.</summary>
    public static EndpointClassifier Compile(ClassificationSettings settings, ICollection<string> errors) =>
        new(TemplateSet.Compile(settings, errors), SurfaceClassifier.Compile(settings, errors));

    /// <summary>Writes the template of a request path or URI, and returns its length.</summary>
    /// <param name="zone">The zone's name, or empty when it was not logged.</param>
    /// <param name="host">The host as logged.</param>
    /// <param name="method">The request method.</param>
    /// <param name="path">The raw path or URI.</param>
    /// <param name="destination">At least <see cref="MaxTemplateBytes"/>.</param>
    /// <param name="surface">What the endpoint is for.</param>
    /// <param name="isKnown">The template is one of the settings (<see cref="RecordFlags.KnownTemplate"/>).</param>
    public int Classify(
        ReadOnlySpan<byte> zone,
        ReadOnlySpan<byte> host,
        ReadOnlySpan<byte> method,
        ReadOnlySpan<byte> path,
        Span<byte> destination,
        out Surface surface,
        out bool isKnown)
    {
        int length = WriteTemplate(host, path, destination, out isKnown, out bool isApi);
        surface = SurfaceOf(zone, host, method, destination[..length], isApi);
        return length;
    }

    /// <summary>Whether the settings have templates: without them the host says nothing about a template.</summary>
    internal bool HasTemplates => _templates.Count > 0;

    /// <summary>Writes the template of a request path or URI, and returns its length.</summary>
    /// <param name="isApi">The template is one of an API description.</param>
    internal int WriteTemplate(ReadOnlySpan<byte> host, ReadOnlySpan<byte> path, Span<byte> destination, out bool isKnown, out bool isApi)
    {
        isKnown = _templates.TryMatch(host, path, out TemplateMatch match);
        isApi = match.IsApi;
        if (!isKnown)
        {
            return PathTemplater.Write(path, destination);
        }

        match.Text.CopyTo(destination);
        return match.Text.Length;
    }

    /// <summary>Returns what the endpoint with a template is for.</summary>
    internal Surface SurfaceOf(
        ReadOnlySpan<byte> zone, ReadOnlySpan<byte> host, ReadOnlySpan<byte> method, ReadOnlySpan<byte> template, bool isApi) =>
        _surfaces.Classify(zone, host, method, template, isApi);
}
