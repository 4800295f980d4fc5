namespace CfLogStream.Server.Analysis;

/// <summary>What a part of a file has shown of its event times.</summary>
/// <param name="OldestNs">The oldest; <see cref="long.MaxValue"/> when there is none.</param>
/// <param name="NewestNs">The newest; <see cref="long.MinValue"/> when there is none.</param>
/// <param name="BackNs">The most that a record is older than a record before it.</param>
internal readonly record struct TimesSeen(long OldestNs, long NewestNs, long BackNs)
{
    /// <summary>Of a part without records.</summary>
    public static readonly TimesSeen None = new(long.MaxValue, long.MinValue, 0);

    public bool IsEmpty => OldestNs == long.MaxValue;

    /// <summary>These times and one more, which follows them in the file.</summary>
    public TimesSeen With(long timeNs) => Then(new TimesSeen(timeNs, timeNs, 0));

    /// <summary>These times and those of the part that follows in the file.</summary>
    public TimesSeen Then(in TimesSeen next)
    {
        if (IsEmpty || next.IsEmpty)
        {
            return IsEmpty ? next : this;
        }

        long back = Math.Max(Math.Max(BackNs, next.BackNs), NewestNs - next.OldestNs);
        return new TimesSeen(Math.Min(OldestNs, next.OldestNs), Math.Max(NewestNs, next.NewestNs), back);
    }
}
