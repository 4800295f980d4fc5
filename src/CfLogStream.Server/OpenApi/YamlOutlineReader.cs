using System.Text;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace CfLogStream.Server.OpenApi;

/// <summary>Reads the outline of an API description in YAML.</summary>
/// <remarks>
/// Works on the parser's events and builds only what is kept or has an anchor. An alias is counted with all it stands for, so that a few
/// lines of nested aliases cannot become millions of nodes. All scalars are text, which is all that paths and servers need.
/// </remarks>
internal sealed class YamlOutlineReader
{
    private readonly OpenApiLimits _limits;
    private readonly IParser _parser;
    private readonly Outline _outline = new();
    private readonly Dictionary<string, (JsonNode? Node, int Size)> _anchors = [];
    private int _nodes;

    private YamlOutlineReader(IParser parser, OpenApiLimits limits)
    {
        _parser = parser;
        _limits = limits;
    }

    /// <summary>Reads the first document of a file.</summary>
    /// <exception cref="OutlineException">It is no YAML or exceeds a limit.</exception>
    public static Outline Read(byte[] content, OpenApiLimits limits)
    {
        using var text = new StreamReader(new MemoryStream(content), new UTF8Encoding(false, throwOnInvalidBytes: true));
        var reader = new YamlOutlineReader(new Parser(text), limits);
        try
        {
            reader._parser.Consume<StreamStart>();
            if (reader._parser.TryConsume<DocumentStart>(out _))
            {
                reader._outline.Root = reader.ReadNode(OutlinePart.Root, "", 1);
            }

            return reader._outline;
        }
        catch (YamlException exception)
        {
            throw new OutlineException(exception.Message.TrimEnd('.'), exception.Start.Line, exception.Start.Column);
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException and not DecoderFallbackException)
        {
            // The parser's way to say that some plain scalars and tags cannot be.
            Mark place = reader._parser.Current?.End ?? Mark.Empty;
            throw new OutlineException("it is no YAML from here on", place.Line, place.Column);
        }
        catch (DecoderFallbackException)
        {
            throw new OutlineException("it is not UTF-8", 1, 1);
        }
    }

    private JsonNode? ReadNode(OutlinePart part, string pointer, int depth)
    {
        ParsingEvent node = _parser.Current ?? throw new OutlineException("it ends too early", 1, 1);
        if (depth > _limits.MaxDepth)
        {
            throw new OutlineException($"it is nested deeper than {_limits.MaxDepth} levels", node.Start.Line, node.Start.Column);
        }

        if (part != OutlinePart.None)
        {
            _outline.Place(pointer, node.Start.Line, node.Start.Column);
        }

        if (_parser.TryConsume<AnchorAlias>(out AnchorAlias? alias))
        {
            return Resolve(alias, part);
        }

        string? anchor = node is NodeEvent { Anchor.IsEmpty: false } anchored ? anchored.Anchor.Value : null;
        OutlinePart built = anchor is null ? part : OutlinePart.Whole;
        int before = _nodes;
        if (built != OutlinePart.None)
        {
            Count(1, node.Start);
        }

        JsonNode? result = _parser.TryConsume<Scalar>(out Scalar? scalar) ? ScalarNode(scalar)
            : _parser.TryConsume<SequenceStart>(out _) ? ReadSequence(built, pointer, depth)
            : _parser.TryConsume<MappingStart>(out _) ? ReadMapping(built, pointer, depth)
            : throw new OutlineException($"'{node}' was not expected here", node.Start.Line, node.Start.Column);
        if (anchor is null)
        {
            return result;
        }

        _anchors[anchor] = (result, _nodes - before);
        return part is OutlinePart.None ? null : OutlineParts.Cut(result, part);
    }

    private JsonArray ReadSequence(OutlinePart part, string pointer, int depth)
    {
        var items = new JsonArray();
        int index = 0;
        while (!_parser.TryConsume<SequenceEnd>(out _))
        {
            JsonNode? item = ReadNode(part, Outline.Append(pointer, index), depth + 1);
            index++;
            if (part != OutlinePart.None)
            {
                items.Add(item);
            }
        }

        return items;
    }

    private JsonObject ReadMapping(OutlinePart part, string pointer, int depth)
    {
        var members = new JsonObject();
        var merged = new List<JsonObject>();
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            Mark place = _parser.Current!.Start;
            string name = ReadKey();
            if (name == "<<" && part != OutlinePart.None)
            {
                JsonNode? source = ReadNode(part, pointer, depth + 1);
                merged.AddRange(source is JsonArray list ? list.OfType<JsonObject>() : source is JsonObject one ? [one] : []);
                continue;
            }

            OutlinePart member = part.Member(name);
            string below = Outline.Append(pointer, name);
            JsonNode? value = ReadNode(member, below, depth + 1);
            if (member != OutlinePart.None)
            {
                _outline.Place(below, place.Line, place.Column);
                members[name] = value;
            }
        }

        foreach ((string name, JsonNode? value) in merged.SelectMany(source => source))
        {
            if (!members.ContainsKey(name))
            {
                members[name] = value?.DeepClone();
            }
        }

        return members;
    }

    private string ReadKey()
    {
        ParsingEvent node = _parser.Current!;
        if (_parser.TryConsume<Scalar>(out Scalar? scalar))
        {
            if (!scalar.Anchor.IsEmpty)
            {
                _anchors[scalar.Anchor.Value] = (JsonValue.Create(scalar.Value), 1);
            }

            return scalar.Value;
        }

        JsonNode? text = _parser.TryConsume<AnchorAlias>(out AnchorAlias? alias) ? Resolve(alias, OutlinePart.Whole) : null;
        return text is JsonValue value
            ? value.GetValue<string>()
            : throw new OutlineException("a key is not a plain text", node.Start.Line, node.Start.Column);
    }

    private JsonNode? Resolve(AnchorAlias alias, OutlinePart part)
    {
        if (!_anchors.TryGetValue(alias.Value.Value, out (JsonNode? Node, int Size) target))
        {
            throw new OutlineException($"the alias '*{alias.Value.Value}' has no anchor before it", alias.Start.Line, alias.Start.Column);
        }

        if (part == OutlinePart.None)
        {
            return null;
        }

        Count(target.Size, alias.Start);
        return OutlineParts.Cut(target.Node, part);
    }

    private void Count(int nodes, Mark place)
    {
        _nodes += nodes;
        if (_nodes > _limits.MaxNodes)
        {
            throw new OutlineException(
                $"it has more than {_limits.MaxNodes} nodes that concern paths and servers, aliases included", place.Line, place.Column);
        }
    }

    private static JsonValue? ScalarNode(Scalar scalar) =>
        scalar.Style == ScalarStyle.Plain && scalar.Value is "" or "~" or "null" or "Null" or "NULL"
            ? null
            : JsonValue.Create(scalar.Value);
}
