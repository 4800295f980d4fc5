using System.Text;
using CfLogStream.Core.Buffers;
using CfLogStream.Core.Logpush;
using CfLogStream.Kafka.Slices;

namespace CfLogStream.Kafka.Tests.Slices;

/// <summary>Lines, and the slices that they become.</summary>
internal static class Samples
{
    public const long ReceivedNs = 1_786_600_000_123_456_789;

    public static readonly string[] ExtraFields = ["ClientCity", "Cookies", "BotScore", "EdgeStartTimestamp"];

    public static ReaderOptions Options { get; } = new() { ExtraFields = ExtraFields };

    public static BatchSource Source { get; } = new("uploads/ü.log.gz", ReceivedNs, 0xFEDC_BA98_7654_3210);

    /// <summary>A request, a security event, an entry of each audit log, and a line that is none of these.</summary>
    public static string[] Lines { get; } =
    [
        Http("\"ClientASN\":\"13335\",\"BotScore\":7,\"SecurityActions\":[\"block\"],\"SecurityRuleIDs\":[\"a\\u0062\"],"
            + "\"SecuritySources\":[],\"WorkerSubrequest\":true,\"RequestHeaders\":{\"x-a\":\"1\"},\"ClientCity\":null,\"Cookies\":{\"a\":\"b\"}"),
        Event("\"MatchIndex\":0,\"Metadata\":{\"filter\":\"1\"},\"Description\":\"\\u00dc ü\""),
        "{\"When\":\"2026-08-13T10:00:00Z\",\"ActionType\":\"rotate\",\"ActorEmail\":\"a@example.com\",\"NewValue\":[1,2]}",
        "{\"ActionTimestamp\":\"2026-08-13T10:00:00Z\",\"AuditLogID\":\"x\",\"ResourceProduct\":\"waf\"}",
        "{\"RayID\":",
    ];

    public static string Http(string fields, string ray = "8dea4d930b427528") =>
        $"{{\"RayID\":\"{ray}\",\"EdgeStartTimestamp\":\"2026-08-13T10:00:00Z\"{(fields.Length == 0 ? "" : ",")}{fields}}}";

    public static string Event(string fields, string ray = "8dea4d930b427528") =>
        $"{{\"RayID\":\"{ray}\",\"Datetime\":1786600000,\"Action\":\"block\",\"Source\":\"waf\"{(fields.Length == 0 ? "" : ",")}{fields}}}";

    public static PaddedBuffer Buffer(params IEnumerable<string> lines) => Buffer(Encoding.UTF8.GetBytes(string.Join('\n', lines)));

    public static PaddedBuffer Buffer(ReadOnlySpan<byte> content)
    {
        var buffer = new PaddedBuffer(content.Length);
        content.CopyTo(buffer.Room);
        buffer.End(content.Length);
        return buffer;
    }

    /// <summary>Slices lines for a log of one partition; the slices stay valid.</summary>
    public static IReadOnlyList<Slice> Slice(params IEnumerable<string> lines) => Slice(Buffer(lines));

    public static IReadOnlyList<Slice> Slice(PaddedBuffer lines, ReaderOptions? options = null)
    {
        var slicer = new BatchSlicer(options ?? Options, 1);
        slicer.Begin(Source);
        slicer.Add(lines, 1000, 1, 0);
        return slicer.End();
    }

    /// <summary>Slices a line and reads it back.</summary>
    public static LogRecord Decode(string line)
    {
        Slice slice = Assert.Single(Slice(line));
        var reader = new SliceReader(ExtraFields);
        Assert.Equal(SliceStatus.Ok, reader.Open(slice.Header, slice.Value.Span));
        LogRecord record = reader.CreateRecord();
        Assert.True(reader.TryReadNext(record, out _));
        return record;
    }
}
