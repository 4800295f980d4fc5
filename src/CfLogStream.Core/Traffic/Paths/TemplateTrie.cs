namespace CfLogStream.Core.Traffic.Paths;

/// <summary>A trie over path segments in flat arrays.</summary>
/// <remarks>
/// Nodes are numbers. Literal children are found through one open-addressed table keyed by (node, segment bytes); a node's patterns are a
/// run of <see cref="Pattern"/> in the order in which they are tried; its <c>{name}</c> child and its <c>/**</c> template are numbers or
/// -1. All literal bytes lie in one pool. A search visits each node at most once, because a node belongs to one chain of segments, so
/// even a path made to backtrack costs no more than the trie is big. It recurses at most as deep as the longest template has segments
/// (32). Immutable after it was built.
/// </remarks>
internal sealed class TemplateTrie
{
    internal struct Node
    {
        /// <summary>The template that ends here, or -1.</summary>
        public int Template;

        /// <summary>The template that takes the rest from here on, or -1.</summary>
        public int Rest;

        /// <summary>The node behind <c>{name}</c>, or -1.</summary>
        public int Any;
        public int FirstPattern;
        public int PatternCount;
        public bool HasLiterals;
    }

    /// <summary>A literal child; <see cref="Child"/> 0 is a free slot (node 0 is no child).</summary>
    internal struct Edge
    {
        public int Parent;
        public int Child;
        public int Start;
        public int Length;
    }

    /// <summary>Literal pieces around placeholders, and the node behind.</summary>
    internal struct Pattern
    {
        public int FirstPiece;
        public int PieceCount;
        public int Child;
    }

    private const int DecodedBytes = SegmentTemplater.MaxInput;

    private readonly Node[] _nodes;
    private readonly Edge[] _edges;
    private readonly Pattern[] _patterns;
    private readonly (int Start, int Length)[] _pieces;
    private readonly byte[] _pool;
    private readonly (int Start, int Length, bool IsApi)[] _templates;

    public TemplateTrie(
        Node[] nodes,
        Edge[] edges,
        Pattern[] patterns,
        (int Start, int Length)[] pieces,
        byte[] pool,
        (int Start, int Length, bool IsApi)[] templates)
    {
        _nodes = nodes;
        _edges = edges;
        _patterns = patterns;
        _pieces = pieces;
        _pool = pool;
        _templates = templates;
    }

    public int TemplateCount => _templates.Length;

    public ReadOnlySpan<byte> Text(int template) => _pool.AsSpan(_templates[template].Start, _templates[template].Length);

    public bool IsApi(int template) => _templates[template].IsApi;

    /// <summary>Returns the template that the rest of the segments match from a node on, or -1.</summary>
    public int Find(int node, PathSegments segments)
    {
        ref readonly Node at = ref _nodes[node];
        if (!segments.MoveNext())
        {
            return at.Template >= 0 ? at.Template : at.Rest;
        }

        int found = -1;
        if (at.HasLiterals || at.PatternCount > 0)
        {
            found = (segments.Seen & ByteClass.Odd) != 0 && segments.Current.Contains((byte)'%')
                ? FindEncoded(node, segments)
                : FindByText(node, segments.Current, segments);
        }

        if (found < 0 && at.Any >= 0)
        {
            found = Find(at.Any, segments);
        }

        return found >= 0 ? found : at.Rest;
    }

    /// <summary>Where the search for a literal child starts.</summary>
    internal static int Slot(int node, ReadOnlySpan<byte> segment, int slots) => (int)StableHash.Of(segment, (ulong)node) & (slots - 1);

    private int FindEncoded(int node, PathSegments segments)
    {
        Span<byte> buffer = stackalloc byte[DecodedBytes];
        int length = PercentCode.Decode(segments.Current, buffer, out bool whole);
        return whole ? FindByText(node, buffer[..length], segments) : -1;
    }

    private int FindByText(int node, ReadOnlySpan<byte> segment, PathSegments segments)
    {
        // Longer ones are never kept in part by the syntax rules either.
        if (segment.Length > SegmentTemplater.MaxInput)
        {
            return -1;
        }

        int child = LiteralChild(node, segment);
        int found = child > 0 ? Find(child, segments) : -1;
        Node at = _nodes[node];
        for (int i = at.FirstPattern; found < 0 && i < at.FirstPattern + at.PatternCount; i++)
        {
            if (Matches(in _patterns[i], segment))
            {
                found = Find(_patterns[i].Child, segments);
            }
        }

        return found;
    }

    private int LiteralChild(int node, ReadOnlySpan<byte> segment)
    {
        Edge[] edges = _edges;
        for (int slot = Slot(node, segment, edges.Length); edges[slot].Child != 0; slot = (slot + 1) & (edges.Length - 1))
        {
            if (edges[slot].Parent == node && segment.SequenceEqual(_pool.AsSpan(edges[slot].Start, edges[slot].Length)))
            {
                return edges[slot].Child;
            }
        }

        return 0;
    }

    // Each placeholder takes at least one byte, and as few as possible.
    private bool Matches(in Pattern pattern, ReadOnlySpan<byte> segment)
    {
        ReadOnlySpan<byte> first = Piece(pattern.FirstPiece);
        ReadOnlySpan<byte> last = Piece(pattern.FirstPiece + pattern.PieceCount - 1);
        if (segment.Length <= first.Length + last.Length || !segment.StartsWith(first) || !segment.EndsWith(last))
        {
            return false;
        }

        ReadOnlySpan<byte> rest = segment[first.Length..^last.Length];
        for (int i = 1; i < pattern.PieceCount - 1; i++)
        {
            ReadOnlySpan<byte> piece = Piece(pattern.FirstPiece + i);
            int at = rest[1..].IndexOf(piece);
            if (at < 0)
            {
                return false;
            }

            rest = rest[(1 + at + piece.Length)..];
            if (rest.IsEmpty)
            {
                return false;
            }
        }

        return true;
    }

    private ReadOnlySpan<byte> Piece(int piece) => _pool.AsSpan(_pieces[piece].Start, _pieces[piece].Length);
}
