namespace CfLogStream.Server.OpenApi;

/// <summary>What an API description says of paths.</summary>
/// <param name="Operations">The operations in the order of the file, once per server.</param>
/// <param name="Errors">What could not be read, each with file and position; the rest is still used.</param>
public sealed record OpenApiResult(IReadOnlyList<ApiOperation> Operations, IReadOnlyList<string> Errors)
{
    /// <summary>The different templates, for <c>ClassificationSettings.ApiTemplates</c>.</summary>
    public IReadOnlyList<string> Templates { get; } = [.. Operations.Select(operation => operation.Template).Distinct()];
}
