namespace CfLogStream.ClickHouse.Native;

/// <summary>Texts one after another as Native has them (length as varuint, then the bytes), in pages that never move.</summary>
/// <remarks>
/// Growing adds a page and copies nothing; a text may go on in the next page. A small column stays in one array below the size of a page.
/// One thread adds.
/// </remarks>
internal sealed class PagedTexts
{
    private const int SmallestArray = 256;
    private const int PageBytes = 64 * 1024;

    // All pages but the last are full of texts up to _at; those behind it are left from an earlier filling.
    private readonly List<byte[]> _pages = [new byte[SmallestArray]];
    private byte[] _page;
    private int _at;
    private int _used;

    public PagedTexts()
    {
        _page = _pages[0];
    }

    /// <summary>Texts held.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes held, lengths included.</summary>
    public long Length => ((long)_at * PageBytes) + _used;

    public void Add(ReadOnlySpan<byte> utf8)
    {
        Count++;
        if (utf8.Length < 0x80 && _page.Length - _used > utf8.Length)
        {
            _page[_used] = (byte)utf8.Length;
            utf8.CopyTo(_page.AsSpan(_used + 1));
            _used += utf8.Length + 1;
            return;
        }

        AddLong(utf8);
    }

    /// <summary>Forgets the texts and keeps the memory.</summary>
    public void Clear()
    {
        _at = 0;
        _page = _pages[0];
        _used = 0;
        Count = 0;
    }

    /// <summary>Writes some of the texts.</summary>
    public void Write(ByteBuffer destination, int start, int count)
    {
        // Only a batch that the server refused is sent in parts; then the texts before are read to find the place.
        long from = start == 0 ? 0 : Skip(0, start);
        long to = start + count == Count ? Length : Skip(from, count);
        while (from < to)
        {
            int page = (int)(from / PageBytes);
            int at = (int)(from % PageBytes);
            int end = (int)Math.Min(PageBytes, at + to - from);
            destination.Write(_pages[page].AsSpan(at..end));
            from += end - at;
        }
    }

    /// <summary>Returns where the text stands that comes so many after the one at a position.</summary>
    private long Skip(long position, int texts)
    {
        for (; texts > 0; texts--)
        {
            uint length = 0;
            byte part;
            int shift = 0;
            do
            {
                part = _pages[(int)(position / PageBytes)][(int)(position % PageBytes)];
                length |= (uint)(part & 0x7F) << shift;
                shift += 7;
                position++;
            }
            while (part >= 0x80);
            position += length;
        }

        return position;
    }

    private void AddLong(ReadOnlySpan<byte> utf8)
    {
        Span<byte> head = stackalloc byte[5];
        int used = 0;
        uint rest = (uint)utf8.Length;
        while (rest >= 0x80)
        {
            head[used++] = (byte)(rest | 0x80);
            rest >>= 7;
        }

        head[used++] = (byte)rest;
        Write(head[..used]);
        Write(utf8);
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (_used == _page.Length)
            {
                NextPage(bytes.Length);
            }

            int count = Math.Min(bytes.Length, _page.Length - _used);
            bytes[..count].CopyTo(_page.AsSpan(_used));
            _used += count;
            bytes = bytes[count..];
        }
    }

    private void NextPage(int wanted)
    {
        if (_page.Length < PageBytes)
        {
            long larger = Math.Min(PageBytes, Math.Max(_page.Length * 2L, (long)_used + wanted));
            Array.Resize(ref _page, (int)larger);
            _pages[_at] = _page;
            return;
        }

        _at++;
        if (_at == _pages.Count)
        {
            // Pinned, so that no collection copies it.
            _pages.Add(GC.AllocateUninitializedArray<byte>(PageBytes, pinned: true));
        }

        _page = _pages[_at];
        _used = 0;
    }
}
