using CfLogStream.Core.Traffic;
using CfLogStream.Server.OpenApi;

namespace CfLogStream.Server.Configuration;

/// <summary>Adds what the configured OpenAPI files say to the classification.</summary>
public static class ApiDescriptions
{
    /// <summary>Returns the classification settings with the templates of all OpenAPI files, in the order of the files.</summary>
    /// <param name="options">The configuration.</param>
    /// <param name="problems">Gets the key and the sentence of everything that could not be used; the rest is.</param>
    public static ClassificationSettings Apply(CfLogStreamOptions options, ICollection<(string Key, string Message)> problems)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(problems);
        var templates = new List<string>();
        for (int i = 0; i < options.OpenapiFiles.Count; i++)
        {
            OpenApiResult result = OpenApiTemplates.ReadFile(options.OpenapiFiles[i], new OpenApiLimits());
            templates.AddRange(result.Templates);
            foreach (string error in result.Errors)
            {
                problems.Add(($"openapi_files[{i}]", error));
            }
        }

        return options.Classification with { ApiTemplates = [.. templates.Distinct(StringComparer.Ordinal)] };
    }
}
