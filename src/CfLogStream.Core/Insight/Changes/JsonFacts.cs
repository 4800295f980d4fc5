using System.Text.Json;

namespace CfLogStream.Core.Insight.Changes;

/// <summary>What the values of an audit record say about the rule or setting that was changed. Absent and odd values say nothing.</summary>
internal sealed class JsonFacts
{
    private const int MaxDepth = 256;

    /// <summary>A value that says nothing.</summary>
    public static readonly JsonFacts None = new(null);

    private readonly JsonElement? _root;

    private JsonFacts(JsonElement? root)
    {
        _root = root;
    }

    /// <summary>The object as it is written; empty when there is none.</summary>
    public string Written => _root is { } root ? root.GetRawText() : "";

    /// <summary>The members' names, at the top level.</summary>
    public IEnumerable<string> Names => _root is { } root ? root.EnumerateObject().Select(member => member.Name) : [];

    /// <summary>Reads an object; anything else says nothing.</summary>
    public static JsonFacts Read(ReadOnlySpan<byte> json)
    {
        if (json.IsEmpty || json[0] != (byte)'{')
        {
            return None;
        }

        try
        {
            using var document = JsonDocument.Parse(json.ToArray(), new JsonDocumentOptions { MaxDepth = MaxDepth });
            return new JsonFacts(document.RootElement.Clone());
        }
        catch (JsonException)
        {
            return None;
        }
    }

    /// <summary>Returns a member's text or number, by its path; empty when there is none.</summary>
    public string Text(params ReadOnlySpan<string> path) => Find(path) is { } value
        ? value.ValueKind switch
        {
            JsonValueKind.String => Decode(value),
            JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => value.GetRawText(),
            _ => "",
        }
        : "";

    /// <summary>Whether there is such a member, whatever its value.</summary>
    public bool Has(params ReadOnlySpan<string> path) => Find(path) is not null;

    /// <summary>Returns a boolean, also from <c>on</c> and <c>off</c>; null when it is none.</summary>
    public bool? Flag(params ReadOnlySpan<string> path) => Text(path).ToLowerInvariant() switch
    {
        "true" or "on" or "enabled" => true,
        "false" or "off" or "disabled" => false,
        _ => null,
    };

    /// <summary>The rules of a ruleset, by id, each with what it says apart from when it was last edited.</summary>
    public IReadOnlyDictionary<string, RuleFacts> Rules()
    {
        var rules = new Dictionary<string, RuleFacts>(StringComparer.Ordinal);
        if (Find(["rules"]) is not { ValueKind: JsonValueKind.Array } array)
        {
            return rules;
        }

        foreach (JsonElement rule in array.EnumerateArray())
        {
            if (rule.ValueKind == JsonValueKind.Object && TextOf(rule, "id") is { Length: > 0 } id)
            {
                string content = string.Join('\n', rule.EnumerateObject()
                    .Where(member => member.Name is not ("version" or "last_updated"))
                    .Select(member => $"{member.Name}={member.Value.GetRawText()}"));
                rules[id] = new RuleFacts(TextOf(rule, "ref"), content);
            }
        }

        return rules;
    }

    private static string TextOf(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? Decode(value) : "";

    private static string Decode(JsonElement value)
    {
        try
        {
            return value.GetString() ?? "";
        }
        catch (InvalidOperationException)
        {
            // A lone surrogate.
            return "";
        }
    }

    private JsonElement? Find(ReadOnlySpan<string> path)
    {
        JsonElement? value = _root;
        foreach (string name in path)
        {
            if (value is not { ValueKind: JsonValueKind.Object } parent || !parent.TryGetProperty(name, out JsonElement member))
            {
                return null;
            }

            value = member;
        }

        return value;
    }
}

/// <summary>A rule of a ruleset as a value has it.</summary>
/// <param name="Content">All that it says, apart from when it was last edited.</param>
internal readonly record struct RuleFacts(string Reference, string Content);
