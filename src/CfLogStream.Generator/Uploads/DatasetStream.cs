namespace CfLogStream.Generator.Uploads;

/// <summary>The Logpush job of one dataset: delays records, puts them into batches, and sends some batches again.</summary>
/// <remarks>
/// A record is delayed by the time it takes from the edge to the job, which differs from record to record; that alone makes the disorder of
/// a real batch; within a second the order is arbitrary. Records wait in a wheel of one-second slots (their bytes one after another)
/// until their second has passed, and then go
/// to the open batch. So the wheel holds what happened in the last minute or two, whatever the size of the run; when that is more than
/// <see cref="MaxWaitingBytes"/>, the oldest second goes early. Batches are cut by the job's own clock and by number of records.
/// </remarks>
internal sealed class DatasetStream
{
    private const int Slots = 1024;
    private const long MaxWaitingBytes = 48L << 20;

    private readonly string _name;
    private readonly DeliveryPlan _plan;
    private readonly IBatchWriter _writer;
    private readonly int _batchRecords;
    private readonly Slot?[] _slots = new Slot?[Slots];
    private readonly Stack<Slot> _free = new();
    private long _waitingBytes;
    private long _waiting;
    private long _nextSecond;
    private Batch? _batch;

    public DatasetStream(string name, DeliveryPlan plan, IBatchWriter writer, int batchRecords, long startMs)
    {
        _name = name;
        _plan = plan;
        _writer = writer;
        _batchRecords = batchRecords;
        _nextSecond = startMs / 1000;
    }

    public long Records { get; private set; }

    public long Bytes { get; private set; }

    public long Duplicates { get; private set; }

    public long DeadLines { get; private set; }

    public long Uploads { get; private set; }

    /// <summary>Adds a line; <paramref name="dead"/> when it is no record.</summary>
    public void Add(ReadOnlySpan<byte> line, long eventMs, bool dead = false)
    {
        long second = (eventMs + _plan.Delay()) / 1000;
        while (second >= _nextSecond + Slots)
        {
            // Thin traffic: what is ahead of the wheel can only come when the wheel has turned.
            Release();
        }

        second = Math.Max(second, _nextSecond);
        ref Slot? place = ref _slots[second % Slots];
        Slot slot = place ??= _free.Count > 0 ? _free.Pop() : new Slot();
        slot.Add(line, eventMs, dead);
        _waitingBytes += line.Length;
        _waiting++;
        Bytes += line.Length;
        if (dead)
        {
            DeadLines++;
        }
        else
        {
            Records++;
        }

        if (_waitingBytes > MaxWaitingBytes)
        {
            Release();
        }
    }

    /// <summary>Everything up to <paramref name="ms"/> has happened.</summary>
    public void Advance(long ms)
    {
        while (_nextSecond * 1000 < ms)
        {
            Release();
        }
    }

    /// <summary>Releases what waits and ends the last batch.</summary>
    public void Complete()
    {
        while (_waiting > 0)
        {
            Release();
        }

        if (_batch is not null)
        {
            Close(_nextSecond * 1000);
        }
    }

    private void Release()
    {
        ref Slot? place = ref _slots[_nextSecond % Slots];
        long nowMs = ++_nextSecond * 1000;
        if (place is { } slot)
        {
            slot.Arrange(_plan);
            Send(slot, nowMs);
            _waitingBytes -= slot.Length;
            _waiting -= slot.Count;
            slot.Clear();
            _free.Push(slot);
            place = null;
        }

        if (_batch is not null && nowMs >= _batch.CutMs)
        {
            Close(nowMs);
        }
    }

    private void Send(Slot slot, long nowMs)
    {
        for (int i = 0; i < slot.Count; i++)
        {
            int line = slot.Order[i];
            int from = line == 0 ? 0 : slot.Ends[line - 1];
            int length = slot.Ends[line] - from;
            _batch ??= Open(nowMs);
            _writer.Write(_batch, slot.Bytes.AsSpan(from, length));
            _batch.Add(slot.Times[line], slot.Dead[line]);
            _batch.Bytes += length;
            if (_batch.Lines == _batchRecords)
            {
                Close(nowMs);
            }
        }
    }

    private Batch Open(long nowMs)
    {
        // Job clocks tick at fixed times; the first batch of a quiet minute starts with its first record.
        var batch = new Batch { Dataset = _name, OpenedMs = nowMs, CutMs = _plan.NextCut(nowMs) };
        _writer.Open(batch);
        return batch;
    }

    private void Close(long nowMs)
    {
        Batch batch = _batch!;
        _batch = null;
        _plan.Finish(batch, nowMs);
        Uploads++;
        _writer.Close(batch);
        if (batch.AgainName.Length != 0)
        {
            Uploads++;
            Duplicates += batch.Lines - batch.DeadLines;
            DeadLines += batch.DeadLines;
        }
    }

    /// <summary>The lines of one second.</summary>
    private sealed class Slot
    {
        public byte[] Bytes = [];
        public int[] Ends = [];
        public long[] Times = [];
        public bool[] Dead = [];
        public int[] Order = [];

        public int Length { get; private set; }

        public int Count { get; private set; }

        public void Add(ReadOnlySpan<byte> line, long eventMs, bool dead)
        {
            if (Bytes.Length - Length < line.Length)
            {
                Array.Resize(ref Bytes, Math.Max(Bytes.Length * 2, Length + Math.Max(line.Length, 4096)));
            }

            if (Count == Ends.Length)
            {
                int size = Math.Max(16, Count * 2);
                Array.Resize(ref Ends, size);
                Array.Resize(ref Times, size);
                Array.Resize(ref Dead, size);
            }

            line.CopyTo(Bytes.AsSpan(Length));
            Length += line.Length;
            Ends[Count] = Length;
            Times[Count] = eventMs;
            Dead[Count++] = dead;
        }

        /// <summary>Decides in which order the lines leave: that of time, or none.</summary>
        public void Arrange(DeliveryPlan plan)
        {
            if (Order.Length < Count)
            {
                Order = new int[Ends.Length];
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
            Length = 0;
            Count = 0;
        }
    }
}
