using System.Text;
using Avro.Generic;
using Avro.IO;
using CfLogStream.Core.Logpush;
using CfLogStream.Kafka.Slices;
using CfLogStream.Kafka.Slices.Schemas;
using CsCheck;

namespace CfLogStream.Kafka.Tests.Slices;

/// <summary>Apache.Avro reads what the slicer writes, and the reader reads what Apache.Avro writes.</summary>
public sealed class AvroOracleTests
{
    private static readonly string[] s_values =
    [
        "null", "\"\"", "0", "\"7\"", "-3", "-0", "9223372036854775807", "9223372036854775808",
        "-9223372036854775808", "true", "[]", "[\"a\",1]",
        "{\"a\":[{}]}", "\"\\u00fc\\n\\ud800\"", "\"ü€\U0001F600\"", "1786600001", "\"2026-08-13T10:00:00.000000001Z\"", "1.5",
    ];

    private static readonly Gen<string> s_text = Gen.OneOf(
        Gen.OneOf("", "a", "0", "-1", "ü€\U0001F600", "\0", "[]", new string('x', 300)),
        Gen.Char['a', 'z'].Array[0, 70].Select(chars => new string(chars)));

    private static readonly Gen<long> s_long = Gen.OneOf(Gen.Long, Gen.OneOf(0L, -1, 63, 64, -64, -65, long.MaxValue, long.MinValue));

    [Fact]
    public void Slices_ReadByApacheAvro_HaveWhatTheLinesHave()
    {
        string[] names = [.. Enum.GetValues<LogField>().Where(field => field < LogField.Count).Select(field => field.ToString())];
        Gen<string> field = Gen.Select(Gen.OneOf(names), Gen.OneOf(s_values)).Select((name, value) => $"\"{name}\":{value}");
        Gen<string> line = Gen.Select(Gen.Int[0, 4], field.List[0, 40]).Select((kind, fields) => Line(kind, fields));
        line.List[1, 10].Sample(
            lines =>
            {
                foreach (Slice slice in Samples.Slice(lines))
                {
                    AssertReadable(slice);
                }
            },
            iter: 1_000, seed: "0000Vq3k1Zb2");
    }

    [Theory]
    [InlineData(SliceKind.HttpRequests)]
    [InlineData(SliceKind.FirewallEvents)]
    [InlineData(SliceKind.AuditLogs)]
    [InlineData(SliceKind.AuditLogsV2)]
    public void Slices_WrittenByApacheAvro_AreReadAsWritten(SliceKind kind)
    {
        SliceSchema schema = SliceSchemas.Current(kind);
        Gen<object?[]> values = Gen.Select(Gen.Int[0, 3], s_text, s_long).Select(object? (branch, text, number) => branch switch
        {
            0 => null,
            1 => number,
            2 => text,
            _ => Encoding.UTF8.GetBytes("[\"" + text.Length + "\", {}]"),
        }).Array[schema.Plan.Steps.Length];
        Gen.Select(values.List[0, 5], s_text, s_long).Sample(
            (records, source, received) => AssertRoundTrip(schema, records, source, received), iter: 300, seed: "0000Vq3k1Zb3");
    }

    [Fact]
    public void DeadLetters_ReadByApacheAvro_HaveWhatTheyHave()
    {
        var letter = new DeadLetter
        {
            Reason = ReadStatus.NoTime,
            Dataset = Dataset.FirewallEvents,
            TimeNs = 7,
            Source = Samples.Source.Name,
            LineNumber = 3,
            ByteOffset = 1L << 40,
            ErrorColumn = int.MaxValue,
            FirstBytes = [0xFF, 0, 1],
            ContentHash = 0xFFFF_FFFF_FFFF_FFF0,
            Length = 1L << 33,
        };
        var slicer = new BatchSlicer(new ReaderOptions(), 1);
        slicer.Begin(Samples.Source);
        slicer.AddDeadLetter(letter, 99);
        Slice slice = Assert.Single(slicer.End());
        GenericRecord read = Assert.IsType<GenericRecord>(Assert.IsType<object[]>(Read(slice)["records"])[0]);
        Assert.Equal("no_time", read["reason"]);
        Assert.Equal("firewall_events", read["dataset"]);
        Assert.Equal(99L, read["position"]);
        Assert.Equal(1L << 40, read["byte_offset"]);
        Assert.Equal(int.MaxValue, read["error_column"]);
        Assert.Equal(letter.FirstBytes, read["first_bytes"]);
        Assert.Equal(-16L, read["content_hash"]);
        Assert.Equal(1L << 33, read["length"]);

        var reader = new SliceReader([]);
        Assert.Equal(SliceStatus.Ok, reader.Open(slice.Header, slice.Value.Span));
        Assert.False(reader.TryReadNext(reader.CreateRecord(), out _));
        Assert.True(reader.TryReadNext(out DeadLetter? own, out SliceRecord info));
        Assert.Equal(99, info.Position);
        Assert.Equal(letter.FirstBytes, own.FirstBytes);
        Assert.Equal(letter, own with { FirstBytes = letter.FirstBytes });
        Assert.False(reader.TryReadNext(out own, out _));
    }

    private static string Line(int kind, List<string> fields)
    {
        string rest = fields.Count == 0 ? "" : "," + string.Join(',', fields);
        return kind switch
        {
            0 => $"{{\"RayID\":\"8dea4d930b427528\",\"EdgeStartTimestamp\":1786600000{rest}}}",
            1 => $"{{\"RayID\":\"8dea4d930b427528\",\"Datetime\":\"2026-08-13T10:00:00Z\"{rest}}}",
            2 => $"{{\"When\":\"2026-08-13T10:00:00Z\",\"ActorType\":\"user\"{rest}}}",
            3 => $"{{\"ActionTimestamp\":\"2026-08-13T10:00:00Z\"{rest}}}",
            _ => $"{{\"x\":1{rest}",
        };
    }

    private static GenericRecord Read(Slice slice)
    {
        global::Avro.Schema schema = global::Avro.Schema.Parse(SliceSchemas.Current(slice.Header.Kind).Json);
        using var stream = new MemoryStream(slice.Value.ToArray());
        GenericRecord read = new GenericDatumReader<GenericRecord>(schema, schema).Read(null!, new BinaryDecoder(stream));
        Assert.Equal(stream.Length, stream.Position);
        return read;
    }

    private static void AssertReadable(Slice slice)
    {
        GenericRecord read = Read(slice);
        Assert.Equal(Samples.Source.Name, read["source"]);
        Assert.Equal(Samples.ReceivedNs, read["received_ns"]);
        object[] records = Assert.IsType<object[]>(read["records"]);
        Assert.Equal(slice.Header.Count, records.Length);
        if (slice.Header.Kind == SliceKind.DeadLetters)
        {
            return;
        }

        var reader = new SliceReader(Samples.ExtraFields);
        Assert.Equal(SliceStatus.Ok, reader.Open(slice.Header, slice.Value.Span));
        LogRecord record = reader.CreateRecord();
        foreach (GenericRecord judged in records.Cast<GenericRecord>())
        {
            Assert.True(reader.TryReadNext(record, out SliceRecord info));
            Assert.Equal(judged["position"], info.Position);
            Assert.Equal(judged["time_ns"], record.TimeNs);
            AssertFields(SliceSchemas.Current(slice.Header.Kind), judged, record);
        }
    }

    private static void AssertFields(SliceSchema schema, GenericRecord judged, LogRecord record)
    {
        foreach (RecordStep step in schema.Plan.Steps.Where(step => step.Op == RecordOp.Value))
        {
            object? value = judged[step.Field.ToString()];
            string text = Encoding.UTF8.GetString(record.Text(step.Field));
            switch (value)
            {
                case null:
                    Assert.Equal(FieldKind.Absent, record.KindOf(step.Field));
                    break;
                case byte[] json:
                    Assert.Equal(json[0] == (byte)'[' ? FieldKind.Array : FieldKind.Object, record.KindOf(step.Field));
                    Assert.Equal(Encoding.UTF8.GetString(json), text);
                    break;
                case long number:
                    Assert.Equal(FieldKind.Number, record.KindOf(step.Field));
                    Assert.Equal($"{number}", text);
                    break;
                default:
                    Assert.Equal(FieldKind.Text, record.KindOf(step.Field));
                    Assert.Equal(value, text);
                    break;
            }
        }

        var extras = (IDictionary<string, object>)judged["extra_fields"];
        for (int i = 0; i < Samples.ExtraFields.Length; i++)
        {
            Assert.Equal(extras.ContainsKey(Samples.ExtraFields[i]), record.HasExtra(i));
            Assert.Equal(
                extras.TryGetValue(Samples.ExtraFields[i], out object? extra) ? extra : "",
                Encoding.UTF8.GetString(record.ExtraText(i)));
        }
    }

    private static void AssertRoundTrip(SliceSchema schema, List<object?[]> records, string source, long received)
    {
        var root = (global::Avro.RecordSchema)global::Avro.Schema.Parse(schema.Json);
        var item = (global::Avro.RecordSchema)((global::Avro.ArraySchema)root["records"].Schema).ItemSchema;
        var slice = new GenericRecord(root);
        slice.Add("source", source);
        slice.Add("received_ns", received);
        List<GenericRecord> written = [.. records.Select((values, index) => Record(schema, item, values, index))];
        slice.Add("records", written.ToArray());
        using var stream = new MemoryStream();
        new GenericDatumWriter<GenericRecord>(root).Write(slice, new BinaryEncoder(stream));

        var reader = new SliceReader(Samples.ExtraFields);
        var header = new SliceHeader(schema.Kind, schema.Fingerprint, 1, 0, records.Count);
        Assert.Equal(SliceStatus.Ok, reader.Open(header, stream.ToArray()));
        Assert.Equal(source, reader.Source);
        Assert.Equal(received, reader.ReceivedNs);
        LogRecord record = reader.CreateRecord();
        for (int i = 0; i < written.Count; i++)
        {
            Assert.True(reader.TryReadNext(record, out SliceRecord info));
            Assert.Equal(i, info.Position);
            Assert.Equal(SliceKinds.HasCopies(schema.Kind) && i % 2 == 1, info.IsCopy);
            Assert.Equal((Dataset)schema.Kind, record.Dataset);
            AssertFields(schema, written[i], record);
        }

        Assert.False(reader.TryReadNext(record, out _));
    }

    private static GenericRecord Record(SliceSchema schema, global::Avro.RecordSchema item, object?[] values, int index)
    {
        var record = new GenericRecord(item);
        record.Add("time_ns", 1_786_600_000_000_000_000 + index);
        record.Add("position", (long)index);
        if (SliceKinds.HasCopies(schema.Kind))
        {
            record.Add("is_copy", index % 2 == 1);
        }

        var extras = new Dictionary<string, object> { ["unknown"] = "x" };
        for (int i = 0; i < values.Length; i++)
        {
            RecordStep step = schema.Plan.Steps[i];
            if (step.Op == RecordOp.Value)
            {
                bool hasLong = step.KindOf(1) == ValueKind.Long;
                record.Add(step.Field.ToString(), values[i] is long && !hasLong ? "5" : values[i] is byte[] && hasLong ? null : values[i]);
                if (i < Samples.ExtraFields.Length && values[i] is string text)
                {
                    extras[Samples.ExtraFields[^(i + 1)]] = text;
                }
            }
        }

        record.Add("extra_fields", extras);
        return record;
    }
}
