using System.Buffers;
using System.Text.Json;

namespace CfLogStream.Kafka.Slices;

/// <summary>Checks the JSON of an array or object that a slice carries: those who read it believe it.</summary>
internal static class NestedJson
{
    private const int MaxDepth = 1024;

    private static readonly SearchValues<byte> s_stringEnds = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Select(control => (byte)control), (byte)'"', (byte)'\\']);

    /// <summary>Whether bytes are a JSON array or object and nothing else, not even white space around it.</summary>
    public static bool IsNested(ReadOnlySpan<byte> json)
    {
        if (json.Length < 2)
        {
            return false;
        }

        return (json[0], json[^1]) switch
        {
            ((byte)'[', (byte)']') => json.Length == 2 || IsPlainTexts(json) || IsJson(json),
            ((byte)'{', (byte)'}') => json.Length == 2 || IsJson(json),
            _ => false,
        };
    }

    /// <summary>Whether it is an array of strings without escapes and without white space between them, as most are.</summary>
    private static bool IsPlainTexts(ReadOnlySpan<byte> json)
    {
        int i = 1;
        while (json[i] == (byte)'"')
        {
            int length = json[(i + 1)..].IndexOfAny(s_stringEnds);
            if (length < 0)
            {
                return false;
            }

            // Behind the quote there is at least the bracket.
            i += length + 1;
            if (json[i] != (byte)'"')
            {
                return false;
            }

            i++;
            if (i == json.Length - 1)
            {
                return true;
            }

            if (json[i++] != (byte)',')
            {
                return false;
            }
        }

        return false;
    }

    private static bool IsJson(ReadOnlySpan<byte> json)
    {
        try
        {
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MaxDepth });
            while (reader.Read())
            {
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
