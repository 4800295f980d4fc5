using System.Numerics;

namespace CfLogStream.Core.Traffic.Paths;

/// <summary>Gathers templates in a tree of objects and flattens it.</summary>
internal sealed class TemplateTrieBuilder
{
    private readonly List<Draft> _nodes = [];
    private readonly List<(byte[] Text, bool IsApi)> _templates = [];
    private readonly List<byte> _pool = [];

    private sealed class Draft
    {
        public int Template { get; set; } = -1;

        public int Rest { get; set; } = -1;

        public int Any { get; set; } = -1;

        public Dictionary<string, (byte[] Text, int Child)> Literals { get; } = [];

        public Dictionary<string, (TemplateSegment Segment, int Child)> Patterns { get; } = [];
    }

    // Node 0 belongs to nobody: a free edge has child 0.
    public TemplateTrieBuilder()
    {
        AddRoot();
    }

    public int AddRoot()
    {
        _nodes.Add(new Draft());
        return _nodes.Count - 1;
    }

    public void Add(int root, ParsedTemplate template)
    {
        int node = root;
        foreach (TemplateSegment segment in template.Segments)
        {
            if (segment.IsRest)
            {
                _nodes[node].Rest = Name(_nodes[node].Rest, template);
                return;
            }

            node = Child(_nodes[node], segment);
        }

        _nodes[node].Template = Name(_nodes[node].Template, template);
    }

    public TemplateTrie Build()
    {
        var nodes = new TemplateTrie.Node[_nodes.Count];
        var patterns = new List<TemplateTrie.Pattern>();
        var pieces = new List<(int, int)>();
        int literals = _nodes.Sum(node => node.Literals.Count);
        var edges = new TemplateTrie.Edge[BitOperations.RoundUpToPowerOf2((uint)Math.Max(4, literals * 2))];
        for (int i = 0; i < nodes.Length; i++)
        {
            Draft draft = _nodes[i];
            nodes[i] = new TemplateTrie.Node
            {
                Template = draft.Template,
                Rest = draft.Rest,
                Any = draft.Any,
                FirstPattern = patterns.Count,
                PatternCount = draft.Patterns.Count,
                HasLiterals = draft.Literals.Count > 0,
            };
            foreach ((byte[] text, int child) in draft.Literals.Values)
            {
                int slot = TemplateTrie.Slot(i, text, edges.Length);
                while (edges[slot].Child != 0)
                {
                    slot = (slot + 1) & (edges.Length - 1);
                }

                (int start, int length) = Store(text);
                edges[slot] = new TemplateTrie.Edge { Parent = i, Child = child, Start = start, Length = length };
            }

            foreach ((TemplateSegment segment, int child) in draft.Patterns
                .OrderByDescending(pattern => pattern.Value.Segment.LiteralLength)
                .ThenBy(pattern => pattern.Key, StringComparer.Ordinal)
                .Select(pattern => pattern.Value))
            {
                patterns.Add(new TemplateTrie.Pattern { FirstPiece = pieces.Count, PieceCount = segment.Pieces.Count, Child = child });
                pieces.AddRange(segment.Pieces.Select(Store));
            }
        }

        (int, int, bool)[] templates = [.. _templates.Select(template =>
        {
            (int start, int length) = Store(template.Text);
            return (start, length, template.IsApi);
        })];
        return new TemplateTrie(nodes, edges, [.. patterns], [.. pieces], [.. _pool], templates);
    }

    // The first that demands something names it; an API description makes it an API whoever came first.
    private int Name(int known, ParsedTemplate template)
    {
        if (known < 0)
        {
            _templates.Add((template.Text, template.IsApi));
            return _templates.Count - 1;
        }

        _templates[known] = (_templates[known].Text, _templates[known].IsApi || template.IsApi);
        return known;
    }

    private int Child(Draft parent, TemplateSegment segment)
    {
        if (segment.IsWholePlaceholder)
        {
            if (parent.Any < 0)
            {
                parent.Any = AddRoot();
            }

            return parent.Any;
        }

        if (segment.IsLiteral)
        {
            if (!parent.Literals.TryGetValue(segment.Key, out (byte[] Text, int Child) literal))
            {
                literal = (segment.Pieces[0], AddRoot());
                parent.Literals.Add(segment.Key, literal);
            }

            return literal.Child;
        }

        if (!parent.Patterns.TryGetValue(segment.Key, out (TemplateSegment Segment, int Child) pattern))
        {
            pattern = (segment, AddRoot());
            parent.Patterns.Add(segment.Key, pattern);
        }

        return pattern.Child;
    }

    private (int Start, int Length) Store(byte[] bytes)
    {
        int start = _pool.Count;
        _pool.AddRange(bytes);
        return (start, bytes.Length);
    }
}
