namespace CfLogStream.Generator.Uploads;

/// <summary>The Logpush job of one dataset: delays records, puts them into batches, and sends some batches again.</summary>
/// <remarks>
/// A record is delayed by the time it takes from the edge to the job, which differs from record to record; that alone makes the disorder of
/// a real batch; within a second the order is arbitrary. Records wait in a wheel of one-second slots (<see cref="WaitingSecond"/>)
/// until their second has passed, and then go
/// to the open batch. So the wheel holds what happened in the last minute or two, whatever the size of the run; when that is more than
/// <see cref="WaitingBytes"/>, the oldest second goes early. Batches are cut by the job's own clock and by number of records.
/// </remarks>
internal sealed class DatasetStream
{
    private const int Slots = 1024;
    private const long LeastWaitingBytes = 48L << 20;
    private const long MostWaitingBytes = 512L << 20;

    // What a job of about 2.5 kB a record holds back for the longest usual delay.
    private const double WaitingBytesPerRate = 2500 * 100;

    private readonly string _name;
    private readonly DeliveryPlan _plan;
    private readonly IBatchWriter _writer;
    private readonly int _batchRecords;
    private readonly long _maxWaitingBytes;
    private readonly WaitingSecond?[] _slots = new WaitingSecond?[Slots];
    private readonly Stack<WaitingSecond> _free = new();
    private readonly ChunkPool _chunks = new();
    private long _waitingBytes;
    private long _waiting;
    private long _nextSecond;
    private Batch? _batch;

    public DatasetStream(string name, DeliveryPlan plan, IBatchWriter writer, int batchRecords, long startMs, long maxWaitingBytes)
    {
        _maxWaitingBytes = maxWaitingBytes;
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

    /// <summary>How much may wait when traffic has a rate: so much that delays stay what they are, up to 512 MB.</summary>
    public static long WaitingBytes(double rate) => Math.Clamp((long)(rate * WaitingBytesPerRate), LeastWaitingBytes, MostWaitingBytes);

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
        ref WaitingSecond? place = ref _slots[second % Slots];
        WaitingSecond slot = place ??= _free.Count > 0 ? _free.Pop() : new WaitingSecond(_chunks);
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

        if (_waitingBytes > _maxWaitingBytes)
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
        ref WaitingSecond? place = ref _slots[_nextSecond % Slots];
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

    private void Send(WaitingSecond slot, long nowMs)
    {
        for (int i = 0; i < slot.Count; i++)
        {
            int line = slot.Order[i];
            ReadOnlySpan<byte> bytes = slot.Line(line);
            _batch ??= Open(nowMs);
            _writer.Write(_batch, bytes);
            _batch.Add(slot.Times[line], slot.Dead[line]);
            _batch.Bytes += bytes.Length;
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
}
