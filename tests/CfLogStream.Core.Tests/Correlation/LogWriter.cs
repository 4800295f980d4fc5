using System.Globalization;
using System.Text;
using CfLogStream.Core.Correlation;
using CfLogStream.Core.Traffic;

namespace CfLogStream.Core.Tests.Correlation;

/// <summary>Turns test lines into records and feeds them to a correlator.</summary>
public static class LogWriter
{
    public static ulong RayValue(string ray) =>
        ray.Length == 16 && ulong.TryParse(ray, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out ulong value)
            ? value
            : StableHash.Of(Encoding.UTF8.GetBytes(ray));

    public static bool IsHex(string ray) =>
        ray.Length == 16 && ulong.TryParse(ray, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out _);

    public static ulong EndpointHash(LogLine line) =>
        StableHash.Of(Encoding.UTF8.GetBytes($"{line.Zone}\n{line.Host}\n{line.Method}\n{line.Template}"));

    public static void Append(TrafficBatch batch, LogLine line)
    {
        RecordFlags flags = line.Flags | RecordFlags.Detailed | (IsHex(line.Ray) ? RecordFlags.HexRay : 0);
        ref TrafficHead head = ref batch.Begin(flags, line.Entries.Count, 0);
        head.TimeNs = line.TimeNs;
        head.Ray = RayValue(line.Ray);
        head.ParentRay = line.Parent.Length == 0 ? 0 : RayValue(line.Parent);
        head.EndpointHash = EndpointHash(line);
        head.ClientHash = StableHash.Of(Encoding.UTF8.GetBytes($"{line.ClientClass}\n{line.ClientName}\n{line.Trust}"));
        head.CallerHash = line.Caller;
        head.RequestBytes = line.RequestBytes;
        head.ResponseBytes = line.ResponseBytes;
        head.LatencyMs = line.LatencyMs;
        head.OriginMs = -1;
        head.Asn = line.Asn;
        head.MatchIndex = line.MatchIndex;
        head.EdgeStatus = line.Status;
        head.OriginStatus = line.OriginStatus;
        head.AnnouncedEvents = line.Announced;
        head.Dataset = line.Dataset;
        head.Outcome = line.Outcome;
        head.Surface = line.Surface;
        head.Trust = line.Trust;
        head.BotScore = line.BotScore;
        head.WafScore = line.WafScore;
        for (int slot = 0; slot < (int)RecordText.Count; slot++)
        {
            batch.Append(Encoding.UTF8.GetBytes((RecordText)slot switch
            {
                RecordText.Ray => line.Ray,
                RecordText.Zone => line.Zone,
                RecordText.Host => line.Host,
                RecordText.Method => line.Method,
                RecordText.Template => line.Template,
                RecordText.ClientClass => line.ClientClass,
                RecordText.ClientName => line.ClientName,
                RecordText.Network => line.Network,
                RecordText.Country => line.Country,
                RecordText.ParentRay => line.Parent,
                RecordText.OriginatorRay => line.Originator,
                _ => "",
            }));
        }

        foreach (LogEntry entry in line.Entries)
        {
            batch.Append(Encoding.UTF8.GetBytes(entry.Control));
            batch.Append(Encoding.UTF8.GetBytes(entry.Action));
            batch.Append(Encoding.UTF8.GetBytes(entry.RuleId));
            batch.Append(Encoding.UTF8.GetBytes(entry.Ref));
            batch.Append(Encoding.UTF8.GetBytes(entry.Description));
            batch.AppendInt32(entry.MatchIndex);
        }

        batch.Commit();
    }

    public static void Feed(Correlator correlator, TrafficBatch batch, LogLine line, long offset)
    {
        switch (line.Kind)
        {
            case LineKind.Rejected:
                correlator.AddRejected(line.Dataset, line.TimeNs, offset);
                break;
            case LineKind.Counted:
                correlator.AddCounted(line.Dataset, line.TimeNs, offset);
                break;
            case LineKind.Copy:
                batch.Clear();
                Append(batch, line);
                correlator.AddCopy(batch[0], offset, line.ReceivedNs);
                break;
            default:
                batch.Clear();
                Append(batch, line);
                correlator.Add(batch[0], offset, line.ReceivedNs);
                break;
        }
    }

    /// <summary>Runs a whole log with offsets 0, 1, 2, … and returns its final rows.</summary>
    public static RowBook Run(CorrelationOptions options, params IEnumerable<LogLine> lines)
    {
        var book = new RowBook();
        var correlator = new Correlator(options, book, 3);
        var batch = new TrafficBatch();
        long offset = 0;
        foreach (LogLine line in lines)
        {
            Feed(correlator, batch, line, offset++);
        }

        correlator.Complete();
        return book;
    }
}
