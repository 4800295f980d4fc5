namespace CfLogStream.Generator.Uploads;

/// <summary>One upload of a dataset.</summary>
internal sealed class Batch
{
    public required string Dataset { get; init; }

    public required long OpenedMs { get; init; }

    public required long CutMs { get; init; }

    public string Name { get; set; } = "";

    public long DeliveredMs { get; set; }

    /// <summary>The name under which it is delivered once more; empty when it is not.</summary>
    public string AgainName { get; set; } = "";

    public long AgainDeliveredMs { get; set; }

    public long Lines { get; private set; }

    public long DeadLines { get; private set; }

    public long Bytes { get; set; }

    /// <summary>Oldest and newest event time.</summary>
    public long FirstMs { get; private set; } = long.MaxValue;

    public long LastMs { get; private set; } = long.MinValue;

    /// <summary>Records whose time is before that of the record before them.</summary>
    public long Inversions { get; private set; }

    private long _previousMs = long.MinValue;

    public void Add(long eventMs, bool dead)
    {
        Lines++;
        if (dead)
        {
            DeadLines++;
            return;
        }

        FirstMs = Math.Min(FirstMs, eventMs);
        LastMs = Math.Max(LastMs, eventMs);
        if (eventMs < _previousMs)
        {
            Inversions++;
        }

        _previousMs = eventMs;
    }
}
