using CfLogStream.Core.Traffic;

namespace CfLogStream.Server.Analysis;

/// <summary>Copies the records of a batch to pages, those of one second together; one per worker.</summary>
/// <remarks>
/// The batch is still in the worker's cache, and its memory goes back to the worker at once. The correlator thread then handles slices, not
/// records, until a second is given out; records that are given out together stand together. Inside a second the order is that of the
/// lines: sorting is left until all records of the second are there.
/// </remarks>
internal sealed class RunArranger
{
    private const long NsPerSecond = 1_000_000_000;

    private readonly AnalysisFilter _filter;
    private readonly RecordPagePool _pool;

    // By record taken: its index in the batch, and its second counted from the oldest.
    private int[] _indexes = new int[512];
    private long[] _seconds = new long[512];
    private long[] _sortedSeconds = new long[512];
    private int[] _order = new int[512];
    private int[] _starts = new int[512];

    public RunArranger(AnalysisFilter filter, RecordPagePool pool)
    {
        _filter = filter;
        _pool = pool;
    }

    /// <summary>Fills a run that is empty.</summary>
    public void Arrange(TrafficBatch batch, RecordRun run)
    {
        int count = Choose(batch, run);
        if (count == 0)
        {
            return;
        }

        long bytes = 0;
        for (int i = 0; i < count; i++)
        {
            bytes += RecordPage.SizeOf(batch.Head(_indexes[i]).DataLength);
        }

        Group(count, run);
        Copy(batch, run, count, bytes);
    }

    /// <summary>The second that a time lies in.</summary>
    public static long SecondOf(long timeNs)
    {
        long second = timeNs / NsPerSecond;
        return second * NsPerSecond > timeNs ? second - 1 : second;
    }

    private int Choose(TrafficBatch batch, RecordRun run)
    {
        if (_indexes.Length < batch.Count)
        {
            int capacity = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)batch.Count);
            _indexes = new int[capacity];
            _seconds = new long[capacity];
            _sortedSeconds = new long[capacity];
            _order = new int[capacity];
        }

        int count = 0;
        long oldest = long.MaxValue;
        long newest = long.MinValue;
        for (int i = 0; i < batch.Count; i++)
        {
            if (!_filter.Takes(batch[i]))
            {
                continue;
            }

            long time = batch.Head(i).TimeNs;
            oldest = Math.Min(oldest, time);
            newest = Math.Max(newest, time);
            _indexes[count] = i;
            _seconds[count] = SecondOf(time);
            count++;
        }

        run.Count = count;
        run.Filtered = batch.Count - count;
        run.OldestNs = oldest;
        run.NewestNs = newest;
        return count;
    }

    /// <summary>Puts the numbers of the chosen records in order of their seconds into <see cref="_order"/>.</summary>
    private void Group(int count, RecordRun run)
    {
        long first = SecondOf(run.OldestNs);
        long span = SecondOf(run.NewestNs) - first + 1;
        if (span > 1024 + (4L * count))
        {
            // Few records far apart: counting seconds would cost more than sorting.
            for (int i = 0; i < count; i++)
            {
                _order[i] = i;
            }

            _seconds.AsSpan(0, count).CopyTo(_sortedSeconds);
            _sortedSeconds.AsSpan(0, count).Sort(_order.AsSpan(0, count));
            return;
        }

        if (_starts.Length < span + 1)
        {
            _starts = new int[(int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)span + 1)];
        }

        Span<int> starts = _starts.AsSpan(0, (int)span + 1);
        starts.Clear();
        for (int i = 0; i < count; i++)
        {
            starts[(int)(_seconds[i] - first) + 1]++;
        }

        for (int i = 1; i < starts.Length; i++)
        {
            starts[i] += starts[i - 1];
        }

        for (int i = 0; i < count; i++)
        {
            _order[starts[(int)(_seconds[i] - first)]++] = i;
        }
    }

    private void Copy(TrafficBatch batch, RecordRun run, int count, long bytes)
    {
        RecordPage? page = null;
        int inSlice = 0;
        long second = 0;
        for (int i = 0; i < count; i++)
        {
            int number = _order[i];
            TrafficRecord record = batch[_indexes[number]];
            bool isFull = page is null || !page.Fits(record.Data.Length);
            if (inSlice > 0 && (isFull || _seconds[number] != second))
            {
                run.Slices.Add(new RecordSlice(second, run.Pages.Count - 1, page!.LastKey, inSlice));
                inSlice = 0;
            }

            int size = RecordPage.SizeOf(record.Data.Length);
            if (isFull)
            {
                page = _pool.Rent(size, (int)Math.Min(bytes, RecordPagePool.PageBytes));
                run.Pages.Add(page);
            }

            second = _seconds[number];
            page!.Add(record, (uint)(record.Head.TimeNs - (second * NsPerSecond)));
            inSlice++;
            bytes -= size;
        }

        run.Slices.Add(new RecordSlice(second, run.Pages.Count - 1, page!.LastKey, inSlice));
    }
}
