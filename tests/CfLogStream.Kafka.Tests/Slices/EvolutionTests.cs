using System.Text;
using Avro.Generic;
using Avro.IO;
using CfLogStream.Core.Buffers;
using CfLogStream.Core.Logpush;
using CfLogStream.Kafka.Slices;
using CfLogStream.Kafka.Slices.Schemas;

namespace CfLogStream.Kafka.Tests.Slices;

/// <summary>Slices of other schemas and of other writers: earlier ones, with fields that are not known, in several blocks.</summary>
public sealed class EvolutionTests
{
    private const string StrangeFields = """
        {"name": "f", "type": "float"}, {"name": "d", "type": "double"}, {"name": "b", "type": "boolean"}, {"name": "i", "type": "int"},
        {"name": "n", "type": "null"}, {"name": "y", "type": "bytes"},
        {"name": "a", "type": {"type": "array", "items": ["null", "string"]}}, {"name": "m", "type": {"type": "map", "values": "long"}},
        {"name": "r", "type": {"type": "record", "name": "Inner", "fields": [{"name": "x", "type": "long"}]}},
        """;

    [Fact]
    public void PreviousSchemas_AreReadAndAreNotTheCurrentOnes()
    {
        SliceSchema[] previous = [.. SliceSchemas.All.Where(schema => schema != SliceSchemas.Current(schema.Kind))];
        Assert.Equal(
            [SliceKind.HttpRequests, SliceKind.AuditLogs, SliceKind.AuditLogsV2], previous.Select(schema => schema.Kind).Order());
        Assert.Contains(previous.Single(schema => schema.Kind == SliceKind.HttpRequests).Plan.Steps, step => step.Op == RecordOp.Skip);
    }

    [Fact]
    public void Open_SliceOfThePreviousSchema_HasItsFieldsAndNoOthers()
    {
        SliceSchema previous = SliceSchemas.All.Single(
            schema => schema.Kind == SliceKind.HttpRequests && schema != SliceSchemas.Current(schema.Kind));
        var root = (global::Avro.RecordSchema)global::Avro.Schema.Parse(previous.Json);
        var item = (global::Avro.RecordSchema)((global::Avro.ArraySchema)root["records"].Schema).ItemSchema;
        var slice = new GenericRecord(root);
        slice.Add("source", "old");
        slice.Add("received_ns", 1L);
        slice.Add("records", Enumerable.Range(0, 3).Select(i =>
        {
            var record = new GenericRecord(item);
            record.Add("time_ns", 1_786_600_000_000_000_000);
            record.Add("position", (long)i);
            record.Add("is_copy", false);
            record.Add("RayID", $"8dea4d930b42752{i}");
            record.Add("BotScore", 7L);
            record.Add("RequestHeaders", "{\"a\":\"b\"}"u8.ToArray());
            record.Add("ClientSrcPort", i == 1 ? 443L : null);
            record.Add("extra_fields", new Dictionary<string, object> { ["Cookies"] = "{}" });
            return record;
        }).ToArray());
        byte[] bytes = Write(root, slice);

        var reader = new SliceReader(Samples.ExtraFields);
        Assert.Equal(SliceStatus.Ok, reader.Open(new SliceHeader(previous.Kind, previous.Fingerprint, 0, 0, 3), bytes));
        LogRecord read = reader.CreateRecord();
        for (int i = 0; i < 3; i++)
        {
            Assert.True(reader.TryReadNext(read, out SliceRecord info));
            Assert.Equal(new SliceRecord(i, false), info);
            Assert.Equal($"8dea4d930b42752{i}", Encoding.ASCII.GetString(read.Text(LogField.RayID)));
            Assert.Equal("7", Encoding.ASCII.GetString(read.Text(LogField.BotScore)));
            Assert.Equal(FieldKind.Object, read.KindOf(LogField.RequestHeaders));
            Assert.Equal(FieldKind.Absent, read.KindOf(LogField.Kind));
            Assert.Equal("{}", Encoding.ASCII.GetString(read.ExtraText(1)));
        }
    }

    [Fact]
    public void Check_FieldsOfEveryTypeThatAreNotKnown_AreSkipped()
    {
        string json = SliceSchemas.Current(SliceKind.AuditLogs).Json;
        int at = json.IndexOf("{\"name\": \"When\"", StringComparison.Ordinal);
        var schema = new SliceSchema(SliceKind.AuditLogs, json.Insert(at, StrangeFields));
        var root = (global::Avro.RecordSchema)global::Avro.Schema.Parse(schema.Json);
        Assert.Equal(unchecked((ulong)global::Avro.SchemaNormalization.ParsingFingerprint64(root)), schema.Fingerprint);
        var item = (global::Avro.RecordSchema)((global::Avro.ArraySchema)root["records"].Schema).ItemSchema;
        var record = new GenericRecord(item);
        record.Add("time_ns", 1_786_600_000_000_000_000);
        record.Add("position", 1L);
        record.Add("f", 1.5f);
        record.Add("d", 2.5);
        record.Add("b", true);
        record.Add("i", -5);
        record.Add("y", new byte[] { 1, 2 });
        record.Add("a", new object?[] { null, "x" });
        record.Add("m", new Dictionary<string, object> { ["k"] = 1L << 40 });
        var inner = new GenericRecord((global::Avro.RecordSchema)item["r"].Schema);
        inner.Add("x", 300L);
        record.Add("r", inner);
        record.Add("extra_fields", new Dictionary<string, object>());
        var slice = new GenericRecord(root);
        slice.Add("source", "s");
        slice.Add("received_ns", 1L);
        slice.Add("records", new[] { record });
        byte[] bytes = Write(root, slice);

        Assert.Equal(SliceStatus.Ok, Check(schema, bytes, 1, out _));
        for (int length = 0; length < bytes.Length; length++)
        {
            Assert.NotEqual(SliceStatus.Ok, Check(schema, bytes.AsSpan(0, length), 1, out _));
        }
    }

    [Fact]
    public void Open_SeveralBlocks_AreOneSlice()
    {
        Slice slice = Samples.Slice(
            Enumerable.Range(0, 5).Select(i => Samples.Http("\"Cookies\":\"a\",\"ClientCity\":\"b\"", $"8dea4d930b42752{i}")))[0];
        byte[][] records = Records(slice);
        byte[] head = [.. Long(1), (byte)'s', .. Long(7)];
        byte[] first = [.. records[0], .. records[1]];
        byte[] good =
        [
            .. head, .. Long(-2), .. Long(first.Length), .. first, .. Long(1), .. records[2],
            .. Long(-2), .. Long(records[3].Length + records[4].Length), .. records[3], .. records[4], 0,
        ];
        var reader = new SliceReader(Samples.ExtraFields);
        Assert.Equal(SliceStatus.Ok, reader.Open(slice.Header, good));
        LogRecord record = reader.CreateRecord();
        for (int i = 0; i < 5; i++)
        {
            Assert.True(reader.TryReadNext(record, out _));
            Assert.Equal($"8dea4d930b42752{i}", Encoding.ASCII.GetString(record.Text(LogField.RayID)));
        }

        Assert.False(reader.TryReadNext(record, out _));
        byte[] wrongSize = [.. head, .. Long(-2), .. Long(first.Length - 1), .. first, 0];
        Assert.Equal(SliceStatus.BadLength, reader.Open(slice.Header with { Count = 2 }, wrongSize));
    }

    [Fact]
    public void Open_ExtraFieldsInSeveralBlocksAndAnotherOrder_AreFound()
    {
        Slice slice = Samples.Slice(Samples.Http("\"Cookies\":\"a\",\"ClientCity\":\"b\""))[0];
        byte[] bytes = Records(slice)[0];
        byte[] cookies = [.. Long(7), .. "Cookies"u8, .. Long(1), (byte)'a'];
        byte[] city = [.. Long(10), .. "ClientCity"u8, .. Long(1), (byte)'b'];
        byte[] start = [.. Long(18), .. "EdgeStartTimestamp"u8];
        int map = bytes.AsSpan().IndexOf(city.AsSpan());
        byte[] blocks = [.. Long(-1), .. Long(cookies.Length), .. cookies, .. Long(1), .. city, 0];
        byte[] value = [.. Long(1), (byte)'s', .. Long(7), .. Long(1), .. bytes[..(map - 1)], .. blocks, 0];
        var reader = new SliceReader(Samples.ExtraFields);
        Assert.Equal(SliceStatus.Ok, reader.Open(slice.Header, value));
        LogRecord record = reader.CreateRecord();
        Assert.True(reader.TryReadNext(record, out _));
        Assert.Equal("b", Encoding.ASCII.GetString(record.ExtraText(0)));
        Assert.Equal("a", Encoding.ASCII.GetString(record.ExtraText(1)));
        Assert.False(record.HasExtra(2));
        Assert.True(bytes.AsSpan().IndexOf(start.AsSpan()) > 0);
    }

    [Fact]
    public void Open_MoreRecordsThanASliceHas_IsRefused()
    {
        Slice slice = Samples.Slice(Samples.Http(""))[0];
        byte[] record = Records(slice)[0];
        byte[] value = [.. Long(1), (byte)'s', .. Long(7), .. Long(4097), .. Enumerable.Repeat(record, 4097).SelectMany(bytes => bytes), 0];
        Assert.Equal(SliceStatus.TooManyRecords, new SliceReader([]).Open(slice.Header with { Count = 4097 }, value));
    }

    private static byte[] Write(global::Avro.RecordSchema schema, GenericRecord slice)
    {
        using var stream = new MemoryStream();
        new GenericDatumWriter<GenericRecord>(schema).Write(slice, new BinaryEncoder(stream));
        return stream.ToArray();
    }

    private static byte[][] Records(Slice slice)
    {
        SliceSchema schema = SliceSchemas.Current(slice.Header.Kind);
        Assert.Equal(SliceStatus.Ok, Check(schema, slice.Value.Span, slice.Header.Count, out byte[][] records));
        return records;
    }

    private static SliceStatus Check(SliceSchema schema, ReadOnlySpan<byte> value, int count, out byte[][] records)
    {
        PaddedBuffer buffer = Samples.Buffer(value);
        var checker = new SliceChecker();
        SliceStatus status = checker.Check(schema.Plan, count, buffer.Bytes, PaddedBuffer.Padding, buffer.ContentEnd);
        records = [.. Enumerable.Range(0, checker.Count).Select(i => buffer.Bytes[checker.Starts[i]..checker.Ends[i]])];
        return status;
    }

    private static byte[] Long(long value)
    {
        byte[] bytes = new byte[10];
        return bytes[..SliceBuffer.WriteLong(bytes, 0, value)];
    }
}
