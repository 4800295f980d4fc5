using System.Text.Json;

namespace CfLogStream.Core.Insight.Remedies.Payloads;

/// <summary>Reads members of a body without throwing.</summary>
internal static class PayloadReading
{
    public static string? Text(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    public static JsonElement? Member(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out JsonElement value) ? value : null;

    public static bool Has(this JsonElement element, string name) => element.Member(name) is not null;

    /// <summary>Returns the strings of an array; null when it is none, or is empty.</summary>
    public static string[]? Texts(this JsonElement element) =>
        element.ValueKind == JsonValueKind.Array && element.GetArrayLength() > 0
        && element.EnumerateArray().All(static item => item.ValueKind == JsonValueKind.String)
            ? [.. element.EnumerateArray().Select(static item => item.GetString()!)]
            : null;

    /// <summary>Whether it is an id of the Ruleset Engine, or a placeholder for one.</summary>
    public static bool IsId(string? text) => text is not null && (RemedyText.IsRulesetId(text) || IsPlaceholder(text));

    /// <summary>Whether it is a name in braces that the user fills in.</summary>
    public static bool IsPlaceholder(string text) =>
        text.Length > 2 && text[0] == '{' && text[^1] == '}' && text.AsSpan(1, text.Length - 2).IndexOfAnyExcept(s_placeholder) < 0;

    private static readonly System.Buffers.SearchValues<char> s_placeholder =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyz_");

    /// <summary>Returns external text as it may stand in a message.</summary>
    public static string Shown(string? text) => text is null ? "(none)" : $"'{RemedyPayload.Plain(text)}'";
}
