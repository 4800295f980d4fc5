using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CfLogStream.Server.OpenApi;

/// <summary>Reads the outline of an API description in JSON.</summary>
internal ref struct JsonOutlineReader
{
    private readonly ReadOnlySpan<byte> _content;
    private readonly OpenApiLimits _limits;
    private readonly Outline _outline;
    private Utf8JsonReader _reader;
    private int _nodes;
    private int _counted;
    private long _line;
    private int _lineStart;

    private JsonOutlineReader(ReadOnlySpan<byte> content, OpenApiLimits limits)
    {
        _content = content;
        _limits = limits;
        _outline = new Outline();
        var options = new JsonReaderOptions
        {
            MaxDepth = limits.MaxDepth,
            CommentHandling = JsonCommentHandling.Skip,
            AllowTrailingCommas = true,
        };
        _reader = new Utf8JsonReader(content, options);
    }

    /// <summary>Reads a whole file.</summary>
    /// <exception cref="OutlineException">It is no JSON or exceeds a limit.</exception>
    public static Outline Read(ReadOnlySpan<byte> content, OpenApiLimits limits)
    {
        var reader = new JsonOutlineReader(content, limits);
        try
        {
            reader._reader.Read();
            reader._outline.Root = reader.ReadNode(OutlinePart.Root, "");
            reader._reader.Read();
            return reader._outline;
        }
        catch (JsonException exception)
        {
            string message = exception.Message;
            int tail = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
            throw new OutlineException(
                tail < 0 ? message : message[..tail].TrimEnd('.'),
                (exception.LineNumber ?? 0) + 1,
                (exception.BytePositionInLine ?? 0) + 1);
        }
    }

    private JsonNode? ReadNode(OutlinePart part, string pointer)
    {
        (long line, long column) = Place();
        _outline.Place(pointer, line, column);
        if (++_nodes > _limits.MaxNodes)
        {
            throw new OutlineException($"it has more than {_limits.MaxNodes} nodes that concern paths and servers", line, column);
        }

        switch (_reader.TokenType)
        {
            case JsonTokenType.StartObject:
                var members = new JsonObject();
                while (_reader.Read() && _reader.TokenType != JsonTokenType.EndObject)
                {
                    string name = _reader.GetString()!;
                    OutlinePart member = part.Member(name);
                    if (member == OutlinePart.None)
                    {
                        _reader.Skip();
                        continue;
                    }

                    string below = Outline.Append(pointer, name);
                    (line, column) = Place();
                    _reader.Read();
                    members[name] = ReadNode(member, below);
                    _outline.Place(below, line, column);
                }

                return members;
            case JsonTokenType.StartArray:
                var items = new JsonArray();
                while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray)
                {
                    items.Add(ReadNode(part, Outline.Append(pointer, items.Count)));
                }

                return items;
            case JsonTokenType.String:
                return JsonValue.Create(_reader.GetString());
            case JsonTokenType.Null:
                return null;
            default:
                // All that matters is text; a version or port written as a number is meant as its digits.
                return JsonValue.Create(Encoding.UTF8.GetString(_reader.ValueSpan));
        }
    }

    private (long Line, long Column) Place()
    {
        int at = (int)_reader.TokenStartIndex;
        for (int next = _content[_counted..at].IndexOf((byte)'\n'); next >= 0; next = _content[_counted..at].IndexOf((byte)'\n'))
        {
            _counted += next + 1;
            _lineStart = _counted;
            _line++;
        }

        return (_line + 1, at - _lineStart + 1);
    }
}
