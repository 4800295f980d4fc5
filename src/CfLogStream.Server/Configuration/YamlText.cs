using System.Text;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace CfLogStream.Server.Configuration;

/// <summary>
/// Reads YAML into nodes that know their line and column. It reads parser events rather than YamlDotNet's own node tree, because that one
/// gives up at the first duplicate key and expands aliases without a bound.
/// </summary>
/// <remarks>
/// A hostile file costs no more than a large one: its bytes, its depth and its nodes (aliases counted as what they stand for) are limited.
/// Nesting is read by recursion, which <see cref="MaxDepth"/> bounds.
/// </remarks>
internal static class YamlText
{
    /// <summary>The largest file that is read.</summary>
    public const int MaxBytes = 1024 * 1024;

    /// <summary>The deepest nesting of mappings and lists; the configuration itself needs 4.</summary>
    public const int MaxDepth = 32;

    /// <summary>The most nodes, with every alias written out.</summary>
    public const int MaxNodes = 100_000;

    private const string Refusal = "The file cannot be read as YAML: ";

    private static readonly UTF8Encoding s_strictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Returns the root of the only document; null when there is none or when a problem was added.</summary>
    public static ConfigurationNode? Read(ReadOnlySpan<byte> bytes, ProblemList problems)
    {
        if (bytes.Length > MaxBytes)
        {
            problems.Add($"The file is larger than the {MaxBytes} bytes a configuration may have.");
            return null;
        }

        if (bytes.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]))
        {
            bytes = bytes[3..];
        }

        if (!TryDecode(bytes, problems, out string text))
        {
            return null;
        }

        var parser = new Parser(new StringReader(text));
        try
        {
            return new Reading(parser, problems).Document();
        }
        catch (YamlException problem)
        {
            AddSyntaxProblem(problem, text, problems);
            return null;
        }
        catch (Exception problem) when (problem is ArgumentException or InvalidOperationException)
        {
            // YamlDotNet lets these out for some broken input, for instance an escape beyond Unicode or a tag that is no URI. It does
            // not say where; what was understood before is near.
            problems.Add(PositionOf(parser.Current?.End ?? Mark.Empty), "", $"{Refusal}what follows here is not understood.");
            return null;
        }
    }

    private static bool TryDecode(ReadOnlySpan<byte> bytes, ProblemList problems, out string text)
    {
        int line = 1;
        int lineStart = 0;
        for (int i = 0; i < bytes.Length; i++)
        {
            byte b = bytes[i];
            if (b == '\n')
            {
                line++;
                lineStart = i + 1;
            }
            else if (b < 0x20 && b is not (byte)'\t' and not (byte)'\r')
            {
                problems.Add(
                    new ConfigurationPosition(line, i - lineStart + 1),
                    "",
                    $"{Refusal}byte 0x{b:X2} is a control character; expected UTF-8 text.");
                text = "";
                return false;
            }
        }

        try
        {
            text = s_strictUtf8.GetString(bytes);
            return true;
        }
        catch (DecoderFallbackException problem)
        {
            ReadOnlySpan<byte> before = bytes[..Math.Clamp(problem.Index, 0, bytes.Length)];
            int start = before.LastIndexOf((byte)'\n') + 1;
            problems.Add(
                new ConfigurationPosition(before.Count((byte)'\n') + 1, before.Length - start + 1),
                "",
                $"{Refusal}byte 0x{problem.BytesUnknown?.FirstOrDefault() ?? 0:X2} is not UTF-8; save the file as UTF-8.");
            text = "";
            return false;
        }
    }

    private static void AddSyntaxProblem(YamlException problem, string text, ProblemList problems)
    {
        if (TryFindTab(text, (int)problem.Start.Line, (int)problem.End.Line + 1, out ConfigurationPosition tab))
        {
            problems.Add(tab, "", $"{Refusal}a tab stands in the indentation of this line. Indent with blanks.");
            return;
        }

        string reason = problem.Message.Replace("  ", " ", StringComparison.Ordinal).TrimEnd('.');
        if (reason.Length > 0)
        {
            reason = char.ToLowerInvariant(reason[0]) + reason[1..];
        }

        problems.Add(PositionOf(problem.Start), "", $"{Refusal}{reason}.");
    }

    /// <summary>Finds a line that is indented with a tab, the commonest mistake, which the parser reports somewhere near.</summary>
    private static bool TryFindTab(string text, int fromLine, int toLine, out ConfigurationPosition position)
    {
        int number = 0;
        foreach (ReadOnlySpan<char> line in text.AsSpan().EnumerateLines())
        {
            number++;
            int tab = line[..(line.Length - line.TrimStart().Length)].IndexOf('\t');
            if (tab >= 0 && number >= fromLine && number <= toLine)
            {
                position = new ConfigurationPosition(number, tab + 1);
                return true;
            }
        }

        position = default;
        return false;
    }

    private static ConfigurationPosition PositionOf(Mark mark) => new((int)mark.Line, (int)mark.Column);

    /// <summary>One pass over the events of a file.</summary>
    private sealed class Reading(Parser parser, ProblemList problems)
    {
        private readonly Dictionary<string, ConfigurationNode> _anchors = new(StringComparer.Ordinal);
        private int _nodes;

        public ConfigurationNode? Document()
        {
            parser.Consume<StreamStart>();
            if (parser.Accept<StreamEnd>(out _))
            {
                return null;
            }

            parser.Consume<DocumentStart>();
            ConfigurationNode? root = Node(depth: 0);
            if (root is null)
            {
                return null;
            }

            parser.Consume<DocumentEnd>();
            if (parser.TryConsume<DocumentStart>(out DocumentStart? second))
            {
                problems.Add(PositionOf(second.Start), "", "A second YAML document begins here; expected one. Remove the '---' line.");
                return null;
            }

            return root;
        }

        private ConfigurationNode? Node(int depth)
        {
            if (parser.TryConsume<AnchorAlias>(out AnchorAlias? alias))
            {
                return Alias(alias, depth);
            }

            NodeEvent start = parser.Consume<NodeEvent>();
            ConfigurationPosition position = PositionOf(start.Start);
            if (++_nodes > MaxNodes)
            {
                problems.Add(position, "", $"The file has more than {MaxNodes} values.");
                return null;
            }

            if (!start.Tag.IsEmpty && !start.Tag.IsNonSpecific)
            {
                problems.Add(position, "", $"The value has the tag '{start.Tag}'; tags are not supported, remove it.");
                return null;
            }

            if (start is not Scalar && depth >= MaxDepth)
            {
                problems.Add(position, "", $"The file nests deeper than {MaxDepth} levels.");
                return null;
            }

            ConfigurationNode? node = start switch
            {
                Scalar scalar => new ScalarNode(position, scalar.Value, scalar.Style == ScalarStyle.Plain),
                SequenceStart => Sequence(position, depth),
                _ => Mapping(position, depth),
            };
            if (node is not null && !start.Anchor.IsEmpty)
            {
                _anchors[start.Anchor.Value] = node;
            }

            return node;
        }

        private ConfigurationNode? Alias(AnchorAlias alias, int depth)
        {
            ConfigurationPosition position = PositionOf(alias.Start);
            if (!_anchors.TryGetValue(alias.Value.Value, out ConfigurationNode? node))
            {
                problems.Add(position, "", $"The alias '*{alias.Value}' refers to no anchor before it.");
                return null;
            }

            if (depth + node.Depth > MaxDepth)
            {
                problems.Add(position, "", $"With the alias '*{alias.Value}' the file nests deeper than {MaxDepth} levels.");
                return null;
            }

            // What is counted is what the alias stands for: a file of a few lines can stand for billions of values.
            if (node.Size > MaxNodes - _nodes)
            {
                problems.Add(position, "", $"With the alias '*{alias.Value}' the file has more than {MaxNodes} values.");
                return null;
            }

            _nodes += node.Size;
            return node;
        }

        private SequenceNode? Sequence(ConfigurationPosition position, int depth)
        {
            var items = new List<ConfigurationNode>();
            int size = 1;
            int inner = 0;
            while (!parser.TryConsume<SequenceEnd>(out _))
            {
                ConfigurationNode? item = Node(depth + 1);
                if (item is null)
                {
                    return null;
                }

                items.Add(item);
                size += item.Size;
                inner = Math.Max(inner, item.Depth);
            }

            return new SequenceNode(position, items) { Size = size, Depth = inner + 1 };
        }

        private MappingNode? Mapping(ConfigurationPosition position, int depth)
        {
            var entries = new List<MappingEntry>();
            int size = 1;
            int inner = 0;
            while (!parser.TryConsume<MappingEnd>(out _))
            {
                ConfigurationNode? key = Node(depth + 1);
                if (key is null)
                {
                    return null;
                }

                if (key is not ScalarNode name)
                {
                    problems.Add(
                        key.Position,
                        "",
                        "A key is a list or a mapping; expected a name. Quote text that begins with '[' or '{'.");
                    return null;
                }

                ConfigurationNode? value = Node(depth + 1);
                if (value is null)
                {
                    return null;
                }

                entries.Add(new MappingEntry(name, value));
                size += 1 + value.Size;
                inner = Math.Max(inner, value.Depth);
            }

            return new MappingNode(position, entries) { Size = size, Depth = inner + 1 };
        }
    }
}
