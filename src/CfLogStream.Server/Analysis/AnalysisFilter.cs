using System.Text;
using CfLogStream.Core.Insight.Changes;
using CfLogStream.Core.Traffic;

namespace CfLogStream.Server.Analysis;

/// <summary>Which records an analysis takes.</summary>
internal sealed class AnalysisFilter
{
    private readonly long _fromNs;
    private readonly long _toNs;
    private readonly byte[][] _hosts;
    private readonly byte[][] _zones;

    public AnalysisFilter(AnalysisScope scope)
    {
        _fromNs = scope.From is { } from ? Nanoseconds(from) : long.MinValue;
        _toNs = scope.To is { } to ? Nanoseconds(to) : long.MaxValue;
        _hosts = [.. scope.Hosts.Select(Lower)];
        _zones = [.. scope.Zones.Select(Lower)];
    }

    /// <summary>Whether a record is in the analysis.</summary>
    public bool Takes(in TrafficRecord record) =>
        record.Head.TimeNs >= _fromNs
        && record.Head.TimeNs < _toNs
        && (_hosts.Length == 0 || IsAny(record[RecordText.Host], _hosts))
        && (_zones.Length == 0 || IsAny(record[RecordText.Zone], _zones));

    /// <summary>Whether an event time is in the analysis.</summary>
    public bool Takes(long timeNs) => timeNs >= _fromNs && timeNs < _toNs;

    /// <summary>Whether a change is in the analysis; one without a zone may concern any.</summary>
    public bool Takes(ChangeEntry change) =>
        Takes(change.TimeNs) && (_zones.Length == 0 || change.Zone.Length == 0 || IsAny(change.Zone.Span, _zones));

    private static long Nanoseconds(DateTimeOffset time) => checked((time.UtcTicks - DateTime.UnixEpoch.Ticks) * 100);

    private static byte[] Lower(string name) => Encoding.UTF8.GetBytes(name.ToLowerInvariant());

    private static bool IsAny(ReadOnlySpan<byte> text, byte[][] names)
    {
        foreach (byte[] name in names)
        {
            if (text.SequenceEqual(name))
            {
                return true;
            }
        }

        return false;
    }
}
