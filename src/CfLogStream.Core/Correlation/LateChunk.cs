namespace CfLogStream.Core.Correlation;

/// <summary>The windows of what came out of time within 4,096 offsets.</summary>
internal sealed class LateChunk
{
    public ulong Id { get; set; }

    /// <summary>Records of this chunk that still wait.</summary>
    public int Waiting { get; set; }

    /// <summary>The offset of the first contribution.</summary>
    public long FirstOffset { get; set; }

    public List<MinuteWindow> Minutes { get; } = [];

    public List<HourWindow> Hours { get; } = [];

    public MinuteWindow? FindMinute(uint start)
    {
        for (int i = Minutes.Count - 1; i >= 0; i--)
        {
            if (Minutes[i].Start == start)
            {
                return Minutes[i];
            }
        }

        return null;
    }

    public HourWindow? FindHour(uint start)
    {
        for (int i = Hours.Count - 1; i >= 0; i--)
        {
            if (Hours[i].Start == start)
            {
                return Hours[i];
            }
        }

        return null;
    }
}
