namespace CfLogStream.Core.Traffic;

/// <summary>What a path was templated to.</summary>
internal struct TemplateOfPath
{
    /// <summary>The length of the template.</summary>
    public short Length;

    /// <summary>The template is one of the settings.</summary>
    public bool IsKnown;

    /// <summary>The template is one of an API description.</summary>
    public bool IsApi;
}
