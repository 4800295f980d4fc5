using System.Text.Json.Nodes;

namespace CfLogStream.Server.OpenApi;

/// <summary>Where in an API description a node stands, as far as it decides what below it is kept.</summary>
internal enum OutlinePart
{
    /// <summary>Nothing below is kept.</summary>
    None,
    Root,
    Components,
    Paths,
    PathItem,
    Operation,

    /// <summary>Everything below is kept.</summary>
    Whole,
}

/// <summary>Cuts API descriptions down to what concerns paths and servers, so that the size and the faults of the rest do not
/// matter.</summary>
internal static class OutlineParts
{
    /// <summary>Returns the part that a member of an object is.</summary>
    public static OutlinePart Member(this OutlinePart part, string name) => part switch
    {
        OutlinePart.Root => name switch
        {
            "openapi" or "swagger" or "servers" or "host" or "basePath" or "schemes" => OutlinePart.Whole,
            "paths" => OutlinePart.Paths,
            "components" => OutlinePart.Components,
            _ => OutlinePart.None,
        },
        OutlinePart.Components => name == "pathItems" ? OutlinePart.Paths : OutlinePart.None,
        OutlinePart.Paths => name.StartsWith("x-", StringComparison.Ordinal) ? OutlinePart.None : OutlinePart.PathItem,
        OutlinePart.PathItem => name switch
        {
            "servers" or "$ref" => OutlinePart.Whole,
            "get" or "put" or "post" or "delete" or "options" or "head" or "patch" or "trace" or "query" => OutlinePart.Operation,
            _ => OutlinePart.None,
        },
        OutlinePart.Operation => name == "servers" ? OutlinePart.Whole : OutlinePart.None,
        OutlinePart.Whole => OutlinePart.Whole,
        _ => OutlinePart.None,
    };

    /// <summary>Returns a copy with only what a part keeps.</summary>
    public static JsonNode? Cut(JsonNode? node, OutlinePart part)
    {
        switch (node)
        {
            case JsonObject members when part != OutlinePart.Whole:
                var kept = new JsonObject();
                foreach ((string name, JsonNode? value) in members)
                {
                    OutlinePart member = part.Member(name);
                    if (member != OutlinePart.None)
                    {
                        kept[name] = Cut(value, member);
                    }
                }

                return kept;
            default:
                return node?.DeepClone();
        }
    }
}
