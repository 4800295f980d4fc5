using CfLogStream.Generator.Randomness;

namespace CfLogStream.Generator.Uploads;

/// <summary>The Logpush job of one dataset: delays records, puts them into batches, and sends some batches again.</summary>
/// <remarks>
/// A record is delayed by the time it takes from the edge to the job, which differs from record to record; that alone makes the disorder of
/// a real batch. Records wait in a wheel of one-second slots (their bytes one after another) until their second has passed, and then go
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
        long ready = Math.Max(eventMs + _plan.Delay(), _nextSecond * 1000);
        long second = Math.Min(ready / 1000, _nextSecond + Slots - 1);
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
            if (_plan.InOrder)
            {
                slot.Sort();
            }

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
        int first = 0;
        while (first < slot.Count)
        {
            _batch ??= Open(nowMs);
            int count = (int)Math.Min(slot.Count - first, _batchRecords - _batch.Lines);
            int from = first == 0 ? 0 : slot.Ends[first - 1];
            int end = slot.Ends[first + count - 1];
            _writer.Write(_batch, slot.Bytes.AsSpan(from, end - from));
            for (int i = first; i < first + count; i++)
            {
                _batch.Add(slot.Times[i], slot.Dead[i]);
            }

            _batch.Bytes += end - from;
            first += count;
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

        /// <summary>Puts the lines in order of time; those of one time stay as they came.</summary>
        public void Sort()
        {
            int[] order = [.. Enumerable.Range(0, Count).OrderBy(i => Times[i])];
            var sorted = new Slot();
            foreach (int i in order)
            {
                int from = i == 0 ? 0 : Ends[i - 1];
                sorted.Add(Bytes.AsSpan(from, Ends[i] - from), Times[i], Dead[i]);
            }

            (Bytes, Ends, Times, Dead) = (sorted.Bytes, sorted.Ends, sorted.Times, sorted.Dead);
        }

        public void Clear()
        {
            Length = 0;
            Count = 0;
        }
    }
}
