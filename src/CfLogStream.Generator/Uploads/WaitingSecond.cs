namespace CfLogStream.Generator.Uploads;

/// <summary>The lines that leave in one second, in chunks of a pool; reused for later seconds.</summary>
internal sealed class WaitingSecond(ChunkPool pool)
{
    private readonly List<byte[]> _chunks = [];
    private Place[] _places = [];
    private int _used;

    public long[] Times { get; private set; } = [];

    public bool[] Dead { get; private set; } = [];

    /// <summary>The lines in the order in which they leave.</summary>
    public int[] Order { get; private set; } = [];

    public long Length { get; private set; }

    public int Count { get; private set; }

    /// <summary>The bytes of a line.</summary>
    public ReadOnlySpan<byte> Line(int line)
    {
        Place place = _places[line];
        return _chunks[place.Chunk].AsSpan(place.Start, place.Length);
    }

    public void Add(ReadOnlySpan<byte> line, long eventMs, bool dead)
    {
        if (_chunks.Count == 0 || _chunks[^1].Length - _used < line.Length)
        {
            _chunks.Add(pool.Rent(line.Length));
            _used = 0;
        }

        if (Count == _places.Length)
        {
            int size = Math.Max(16, Count * 2);
            Array.Resize(ref _places, size);
            Times = Grown(Times, size);
            Dead = Grown(Dead, size);
        }

        line.CopyTo(_chunks[^1].AsSpan(_used));
        _places[Count] = new Place(_chunks.Count - 1, _used, line.Length);
        Times[Count] = eventMs;
        Dead[Count++] = dead;
        _used += line.Length;
        Length += line.Length;
    }

    /// <summary>Decides in which order the lines leave: that of time, or none.</summary>
    public void Arrange(DeliveryPlan plan)
    {
        if (Order.Length < Count)
        {
            Order = new int[_places.Length];
        }

        if (plan.InOrder)
        {
            // Few lines come out of order, and those by seconds at most: an insertion sort is stable and nearly linear here.
            for (int i = 0; i < Count; i++)
            {
                int at = i;
                for (; at > 0 && Times[Order[at - 1]] > Times[i]; at--)
                {
                    Order[at] = Order[at - 1];
                }

                Order[at] = i;
            }

            return;
        }

        int step = plan.Step(Count);
        int line = plan.Below(Count);
        for (int i = 0; i < Count; i++)
        {
            Order[i] = line;
            line += step;
            line -= line >= Count ? Count : 0;
        }
    }

    public void Clear()
    {
        foreach (byte[] chunk in _chunks)
        {
            pool.Return(chunk);
        }

        _chunks.Clear();
        _used = 0;
        Length = 0;
        Count = 0;
    }

    private static T[] Grown<T>(T[] array, int size)
    {
        Array.Resize(ref array, size);
        return array;
    }

    private readonly record struct Place(int Chunk, int Start, int Length);
}
