using CfLogStream.Server.Sources;

namespace CfLogStream.Server.Analysis;

/// <summary>A file of an analysis and how far it has been read. One worker owns it at a time.</summary>
internal sealed class PlannedFile
{
    private long _positionNs;

    public PlannedFile(int index, LogFile source, TimesSeen beginning)
    {
        Index = index;
        Source = source;
        Beginning = beginning;
        _positionNs = beginning.IsEmpty ? long.MinValue : beginning.OldestNs;
    }

    /// <summary>The file's number in the plan.</summary>
    public int Index { get; }

    public LogFile Source { get; }

    /// <summary>The event times at its beginning.</summary>
    public TimesSeen Beginning { get; }

    /// <summary>The open file; null before its first batch and after its last.</summary>
    public LineBatchReader? Reader { get; set; }

    /// <summary>The number of the next batch.</summary>
    public int NextSequence { get; set; }

    /// <summary>The newest event time parsed so far, or the one at its beginning: who is furthest behind is read next.</summary>
    public long PositionNs => Interlocked.Read(ref _positionNs);

    /// <summary>Moves the position forward.</summary>
    public void Advance(long newestNs)
    {
        long seen = Interlocked.Read(ref _positionNs);
        while (newestNs > seen)
        {
            long before = Interlocked.CompareExchange(ref _positionNs, newestNs, seen);
            if (before == seen)
            {
                return;
            }

            seen = before;
        }
    }
}
