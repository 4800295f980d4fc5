using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Microsoft.OpenApi.Reader;

namespace CfLogStream.Server.OpenApi;

/// <summary>Reads path templates from OpenAPI descriptions, JSON or YAML.</summary>
/// <remarks>
/// A file is first cut down to its paths and servers (<see cref="OutlineParts"/>), within limits, and only that is given to
/// Microsoft.OpenApi: schemas and examples neither cost nor fail anything, and nothing outside the file is ever opened. One bad path or
/// server leaves the others in use.
/// </remarks>
public static class OpenApiTemplates
{
    /// <summary>Reads a file.</summary>
    public static OpenApiResult ReadFile(string file, OpenApiLimits limits)
    {
        try
        {
            var info = new FileInfo(file);
            if (info.Exists && info.Length > limits.MaxBytes)
            {
                return TooLarge(file, info.Length, limits);
            }

            return Read(file, File.ReadAllBytes(file), limits);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new OpenApiResult([], [$"Cannot read the API description '{file}': {exception.Message}"]);
        }
    }

    /// <summary>Reads the content of a file; <paramref name="file"/> only names it in errors.</summary>
    public static OpenApiResult Read(string file, byte[] content, OpenApiLimits limits)
    {
        if (content.Length > limits.MaxBytes)
        {
            return TooLarge(file, content.Length, limits);
        }

        try
        {
            content = content.AsSpan().StartsWith("\uFEFF"u8) ? content[3..] : content;
            int first = content.AsSpan().IndexOfAnyExcept(" \t\r\n"u8);
            Outline outline = first >= 0 && content[first] == '{'
                ? JsonOutlineReader.Read(content, limits)
                : YamlOutlineReader.Read(content, limits);
            var templates = new TemplateCollector(file, outline, limits);
            templates.Collect(Parse(file, outline, templates.Errors));
            return new OpenApiResult(templates.Operations, templates.Errors);
        }
        catch (OutlineException exception)
        {
            string place = $"{file}({exception.Line},{exception.Column})";
            return new OpenApiResult([], [$"Cannot read the API description {place}: {exception.Message}."]);
        }
    }

    private static OpenApiDocument? Parse(string file, Outline outline, List<string> errors)
    {
        if (outline.Root is not JsonObject root || !(root.ContainsKey("openapi") || root.ContainsKey("swagger")))
        {
            errors.Add($"Cannot read the API description {file}(1,1): it has no 'openapi' version at its top.");
            return null;
        }

        // What the outline left out must not be missed by the reader, and references are resolved here: the reader follows circles.
        root["info"] = new JsonObject { ["title"] = "", ["version"] = "" };
        foreach (string pointer in PathItemReferences.Resolve(root))
        {
            (long line, long column) = outline.Find(pointer);
            string place = $"{file}({line},{column})";
            errors.Add($"A path of the API description {place} cannot be used: it refers to a path item that is not in this file.");
        }

        root.Remove("components");
        foreach (JsonNode? item in (root["paths"] as JsonObject)?.Select(path => path.Value) ?? [])
        {
            foreach (JsonObject operation in (item as JsonObject)?.Select(member => member.Value).OfType<JsonObject>() ?? [])
            {
                operation["responses"] = new JsonObject();
            }
        }

        try
        {
            var settings = new OpenApiReaderSettings { LoadExternalRefs = false, RuleSet = new ValidationRuleSet() };
            ReadResult result = new OpenApiJsonReader().Read(root, new Uri("file:///openapi.json"), settings);
            foreach (OpenApiError error in result.Diagnostic?.Errors ?? [])
            {
                (long line, long column) = outline.Find(error.Pointer ?? "");
                errors.Add($"The API description {file}({line},{column}) has an error: {error.Message}");
            }

            return result.Document;
        }
        catch (OpenApiException exception)
        {
            (long line, long column) = outline.Find(exception.Pointer ?? "");
            errors.Add($"Cannot read the API description {file}({line},{column}): {exception.Message}");
            return null;
        }
        catch (OpenApiUnsupportedSpecVersionException exception)
        {
            (long line, long column) = outline.Find(root.ContainsKey("openapi") ? "/openapi" : "/swagger");
            errors.Add($"Cannot read the API description {file}({line},{column}): {exception.Message}");
            return null;
        }
    }

    private static OpenApiResult TooLarge(string file, long length, OpenApiLimits limits) =>
        new([], [$"Cannot read the API description '{file}': it has {length} bytes; at most {limits.MaxBytes} are read."]);
}
