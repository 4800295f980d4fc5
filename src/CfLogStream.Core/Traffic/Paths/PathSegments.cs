namespace CfLogStream.Core.Traffic.Paths;

/// <summary>Walks the segments of a raw request path as templates see them.</summary>
/// <remarks>
/// Empty segments are skipped (so <c>//</c> and a trailing <c>/</c> vanish), <c>;matrix</c> parts are cut, a query or fragment ends the
/// path, and the <c>http://host</c> of an absolute-form target is skipped. Nothing is decoded here: an encoded slash never parts segments.
/// A copy of this struct remembers its place, which is how the template trie backtracks.
/// </remarks>
internal ref struct PathSegments
{
    private readonly ReadOnlySpan<byte> _path;
    private int _next;

    public PathSegments(ReadOnlySpan<byte> path)
    {
        _path = path;
        _next = PathStart(path);
        Current = default;
        Seen = ByteClass.None;
    }

    /// <summary>The raw segment, never empty.</summary>
    public ReadOnlySpan<byte> Current { get; private set; }

    /// <summary>The classes of the bytes of <see cref="Current"/>.</summary>
    public ByteClass Seen { get; private set; }

    /// <summary>Moves on to the next segment that is not empty.</summary>
    public bool MoveNext()
    {
        ReadOnlySpan<byte> path = _path;
        ReadOnlySpan<ByteClass> table = ByteClasses.Table;
        int i = _next;
        while (i < path.Length)
        {
            int start = i;
            ByteClass seen = ByteClass.None;
            byte end = 0;
            for (; i < path.Length; i++)
            {
                byte value = path[i];
                ByteClass kind = table[value];
                if (kind == ByteClass.Odd && value is (byte)'/' or (byte)'?' or (byte)'#' or (byte)';')
                {
                    end = value;
                    break;
                }

                seen |= kind;
            }

            int length = i - start;
            if (end == ';')
            {
                int rest = path[i..].IndexOfAny((byte)'/', (byte)'?', (byte)'#');
                i = rest < 0 ? path.Length : i + rest;
                end = rest < 0 ? (byte)0 : path[i];
            }

            i = end == '/' ? i + 1 : path.Length;
            if (length > 0)
            {
                _next = i;
                Current = path.Slice(start, length);
                Seen = seen;
                return true;
            }
        }

        _next = path.Length;
        Current = default;
        return false;
    }

    private static int PathStart(ReadOnlySpan<byte> path)
    {
        if (path.IsEmpty || path[0] == '/')
        {
            return 0;
        }

        int authority = IsScheme(path, "http://"u8) ? 7 : IsScheme(path, "https://"u8) ? 8 : 0;
        if (authority == 0)
        {
            return 0;
        }

        int end = path[authority..].IndexOfAny((byte)'/', (byte)'?', (byte)'#');
        return end < 0 ? path.Length : authority + end;
    }

    private static bool IsScheme(ReadOnlySpan<byte> path, ReadOnlySpan<byte> scheme) =>
        path.Length >= scheme.Length && System.Text.Ascii.EqualsIgnoreCase(path[..scheme.Length], scheme);
}
