using System.Text.Json.Nodes;

namespace CfLogStream.Server.OpenApi;

/// <summary>Puts path items in the place of references to them, within one file and never in circles.</summary>
internal static class PathItemReferences
{
    private const int MaxSteps = 16;

    /// <summary>Resolves every reference below <c>paths</c>; those that cannot be are removed and their JSON pointers returned.</summary>
    public static List<string> Resolve(JsonObject root)
    {
        var missing = new List<string>();
        if (root["paths"] is not JsonObject paths)
        {
            return missing;
        }

        foreach ((string path, JsonNode? item) in paths.ToArray())
        {
            if (item is not JsonObject members || !members.ContainsKey("$ref"))
            {
                continue;
            }

            JsonObject? target = members;
            for (int step = 0; step < MaxSteps && target?["$ref"] is JsonNode reference; step++)
            {
                target = Find(root, reference);
            }

            if (target is null || target.ContainsKey("$ref"))
            {
                missing.Add(Outline.Append("/paths", path));
                paths.Remove(path);
            }
            else
            {
                paths[path] = target.DeepClone();
            }
        }

        return missing;
    }

    private static JsonObject? Find(JsonObject root, JsonNode reference)
    {
        if (reference is not JsonValue value
            || !value.TryGetValue(out string? pointer)
            || !pointer.StartsWith("#/", StringComparison.Ordinal))
        {
            return null;
        }

        JsonNode? at = root;
        foreach (string part in pointer[2..].Split('/'))
        {
            string name = Uri.UnescapeDataString(part)
                .Replace("~1", "/", StringComparison.Ordinal)
                .Replace("~0", "~", StringComparison.Ordinal);
            at = at is JsonObject members ? members[name] : null;
        }

        return at as JsonObject;
    }
}
