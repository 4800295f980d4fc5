namespace CfLogStream.Core.Traffic.Paths;

/// <summary>The known template that a request matches; its text is owned by the <see cref="TemplateSet"/>.</summary>
public readonly ref struct TemplateMatch
{
    internal TemplateMatch(ReadOnlySpan<byte> text, bool isApi)
    {
        Text = text;
        IsApi = isApi;
    }

    /// <summary>The path of the template as it was written, without its host.</summary>
    public ReadOnlySpan<byte> Text { get; }

    /// <summary>The template comes from an API description.</summary>
    public bool IsApi { get; }
}
