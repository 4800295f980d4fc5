using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using CfLogStream.Core.Logpush;

namespace CfLogStream.Core.Tests.Logpush;

/// <summary>What Utf8JsonReader says of a line: a simple second opinion that shares no code with the reader.</summary>
internal sealed class RecordOracle
{
    private readonly Dictionary<string, (JsonTokenType Kind, string Text)> _values = [];

    public RecordOracle(byte[] line, int maxDepth)
    {
        byte[] text = Trim(line);
        IsBlank = text.Length == 0;
        IsUtf8 = IsValidUtf8(text, out bool endsInsideCharacter);
        IsWellFormed = Fill(text, maxDepth);
        IsTooDeep = !IsWellFormed && Failure(text, 10_000) > Failure(text, maxDepth);
        IsCut = !IsWellFormed && text is [(byte)'{', ..] && Failure(text, maxDepth) == long.MaxValue && (IsUtf8 || endsInsideCharacter);
    }

    public bool IsBlank { get; }

    public bool IsUtf8 { get; }

    /// <summary>Whether the line is a JSON object.</summary>
    public bool IsWellFormed { get; }

    /// <summary>Whether more bytes could make the line a JSON object.</summary>
    public bool IsCut { get; }

    public bool IsTooDeep { get; }

    public int KeyCount => _values.Count;

    public IEnumerable<string> Keys => _values.Keys;

    /// <summary>Returns a key's value as text; null when it is absent.</summary>
    public string? Text(string key) => _values.TryGetValue(key, out (JsonTokenType Kind, string Text) value) ? value.Text : null;

    public bool SaysNothing(string key) =>
        !_values.TryGetValue(key, out (JsonTokenType Kind, string Text) value)
        || value.Kind == JsonTokenType.Null
        || (value.Kind == JsonTokenType.String && value.Text.Length == 0)
        || (value.Kind == JsonTokenType.StartArray && value.Text[1..^1].Trim(' ', '\t', '\r', '\n').Length == 0);

    public List<string> Elements(string key)
    {
        if (!_values.TryGetValue(key, out (JsonTokenType Kind, string Text) value)
            || value.Kind == JsonTokenType.Null || value.Text.Length == 0)
        {
            return [];
        }

        return value.Kind == JsonTokenType.StartArray ? Inside(value.Text).ConvertAll(inside => inside.Text) : [value.Text];
    }

    public List<string> Members(string key) =>
        _values.TryGetValue(key, out (JsonTokenType Kind, string Text) value) && value.Kind == JsonTokenType.StartObject
            ? Inside(value.Text).ConvertAll(inside => $"{inside.Name}={inside.Text}")
            : [];

    private static List<(string Name, string Text)> Inside(string json)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(json);
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = 10_000 });
        List<(string, string)> values = [];
        reader.Read();
        string name = "";
        while (reader.Read() && reader.CurrentDepth > 0)
        {
            if (reader.TokenType == JsonTokenType.PropertyName)
            {
                name = Unescape(reader.ValueSpan);
                continue;
            }

            values.Add((name, ReadValue(ref reader, utf8).Text));
        }

        return values;
    }

    private static byte[] Trim(byte[] line)
    {
        ReadOnlySpan<byte> text = line;
        text = text.StartsWith("\uFEFF"u8) ? text[3..] : text;
        return text.Trim(" \t\r\n"u8).ToArray();
    }

    private static bool IsValidUtf8(ReadOnlySpan<byte> text, out bool endsInsideCharacter)
    {
        endsInsideCharacter = false;
        while (!text.IsEmpty)
        {
            OperationStatus status = Rune.DecodeFromUtf8(text, out _, out int consumed);
            if (status != OperationStatus.Done)
            {
                endsInsideCharacter = status == OperationStatus.NeedMoreData;
                return false;
            }

            text = text[consumed..];
        }

        return true;
    }

    /// <summary>Where the last good token before the first fault ends; the largest number when more bytes could make the text
    /// good.</summary>
    private static long Failure(byte[] text, int maxDepth)
    {
        var reader = new Utf8JsonReader(text, isFinalBlock: false, new JsonReaderState(new JsonReaderOptions { MaxDepth = maxDepth }));
        try
        {
            while (reader.Read())
            {
            }

            return long.MaxValue;
        }
        catch (JsonException)
        {
            return reader.BytesConsumed;
        }
    }

    private static (JsonTokenType Kind, string Text) ReadValue(ref Utf8JsonReader reader, byte[] json)
    {
        JsonTokenType kind = reader.TokenType;
        switch (kind)
        {
            case JsonTokenType.String:
                return (kind, Unescape(reader.ValueSpan));
            case JsonTokenType.Null:
                return (kind, "");
            case JsonTokenType.StartArray or JsonTokenType.StartObject:
                int start = (int)reader.TokenStartIndex;
                reader.Skip();
                return (kind, Encoding.UTF8.GetString(json.AsSpan(start, (int)reader.BytesConsumed - start)));
            default:
                return (kind, Encoding.UTF8.GetString(reader.ValueSpan));
        }
    }

    /// <summary>Decodes by UTF-16 units, where lone surrogates are harmless until the text is encoded again.</summary>
    private static string Unescape(ReadOnlySpan<byte> content)
    {
        string raw = Encoding.UTF8.GetString(content);
        var text = new StringBuilder();
        for (int i = 0; i < raw.Length; i++)
        {
            if (raw[i] != '\\')
            {
                text.Append(raw[i]);
                continue;
            }

            i++;
            text.Append(raw[i] switch { 'b' => '\b', 'f' => '\f', 'n' => '\n', 'r' => '\r', 't' => '\t', _ => raw[i] });
            if (raw[i] == 'u')
            {
                text[^1] = (char)int.Parse(raw.AsSpan(i + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
                i += 4;
            }
        }

        return Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text.ToString()));
    }

    private bool Fill(byte[] text, int maxDepth)
    {
        if (text is not [(byte)'{', ..])
        {
            return false;
        }

        try
        {
            var reader = new Utf8JsonReader(text, new JsonReaderOptions { MaxDepth = maxDepth });
            reader.Read();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                string key = Unescape(reader.ValueSpan);
                reader.Read();
                _values[key] = ReadValue(ref reader, text);
            }

            return !reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
