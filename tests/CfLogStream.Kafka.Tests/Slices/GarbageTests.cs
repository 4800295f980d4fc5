using CfLogStream.Core.Logpush;
using CfLogStream.Core.Traffic;
using CfLogStream.Kafka.Slices;

namespace CfLogStream.Kafka.Tests.Slices;

/// <summary>Bytes that are no slice are refused with a reason, and nothing throws.</summary>
public sealed class GarbageTests
{
    private const int Seed = 20260813;

    [Fact]
    public void Open_CutAtEveryByte_SaysNo()
    {
        var reader = new SliceReader(Samples.ExtraFields);
        foreach (Slice slice in Samples.Slice(Samples.Lines))
        {
            for (int length = 0; length < slice.Value.Length; length++)
            {
                SliceStatus status = reader.Open(slice.Header, slice.Value.Span[..length]);
                Assert.True(status is SliceStatus.Truncated or SliceStatus.BadLength, $"{slice.Header.Kind} cut at {length}: {status}");
                Assert.Equal(0, reader.Count);
                Assert.False(reader.TryReadNext(reader.CreateRecord(), out _));
                Assert.False(reader.TryReadNext(out _, out _));
            }
        }
    }

    [Fact]
    public void Open_BitsFlipped_IsRefusedOrCanBeUsed()
    {
        var random = new Random(Seed);
        var reader = new SliceReader(Samples.ExtraFields);
        var classifier = new TrafficClassifier(new ClassificationSettings { ExtraFields = Samples.ExtraFields, SampleOneOf = 1 });
        var batch = new TrafficBatch();
        int refused = 0;
        foreach (Slice slice in Samples.Slice(Samples.Lines.Concat(Samples.Lines)))
        {
            for (int round = 0; round < 20_000; round++)
            {
                byte[] bytes = slice.Value.ToArray();
                for (int flip = random.Next(1, 4); flip > 0; flip--)
                {
                    bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
                }

                refused += TryUse(reader, slice.Header, bytes, classifier, batch) ? 0 : 1;
            }
        }

        Assert.True(refused > 20_000, $"{refused} refused with seed {Seed}");
    }

    [Fact]
    public void Open_RandomBytes_IsRefusedOrCanBeUsed()
    {
        var random = new Random(Seed);
        var reader = new SliceReader(Samples.ExtraFields);
        var classifier = new TrafficClassifier(new ClassificationSettings());
        var batch = new TrafficBatch();
        foreach (Slice slice in Samples.Slice(Samples.Lines))
        {
            for (int round = 0; round < 5_000; round++)
            {
                byte[] bytes = new byte[random.Next(200)];
                random.NextBytes(bytes);
                bytes.AsSpan(0, random.Next(bytes.Length)).Clear();
                Assert.False(TryUse(reader, slice.Header with { Count = 1 }, bytes, classifier, batch), $"seed {Seed}, round {round}");
            }
        }
    }

    [Theory]
    [InlineData(SliceKind.None, 0UL, SliceStatus.NoSlice)]
    [InlineData(SliceKind.HttpRequests, 1UL, SliceStatus.UnknownSchema)]
    public void Open_WrongHeader_SaysWhy(SliceKind kind, ulong schema, SliceStatus expected) =>
        Assert.Equal(expected, new SliceReader([]).Open(new SliceHeader(kind, schema, 0, 0, 1), [0, 0, 0]));

    [Fact]
    public void Open_HeaderOfAnotherSlice_SaysWhy()
    {
        Slice slice = Samples.Slice(Samples.Lines[0])[0];
        var reader = new SliceReader([]);
        Assert.Equal(SliceStatus.WrongSchema, reader.Open(slice.Header with { Kind = SliceKind.AuditLogs }, slice.Value.Span));
        Assert.Equal(SliceStatus.CountMismatch, reader.Open(slice.Header with { Count = 2 }, slice.Value.Span));
        Assert.Equal(SliceStatus.TrailingBytes, reader.Open(slice.Header, [.. slice.Value.Span, 0]));
    }

    [Theory]
    [InlineData(new byte[] { 0x01 }, SliceStatus.BadLength)]
    [InlineData(new byte[] { 0x04, 0xC3, 0x28, 0, 0 }, SliceStatus.BadText)]
    [InlineData(new byte[] { 0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x02 }, SliceStatus.BadNumber)]
    [InlineData(new byte[] { 0, 0, 0x7E }, SliceStatus.BadLength)]
    [InlineData(new byte[] { 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01, 0 }, SliceStatus.BadLength)]
    [InlineData(new byte[] { 0, 0, 0x01, 0x7E, 0 }, SliceStatus.Truncated)]
    [InlineData(new byte[] { 0, 0, 0x01, 0x01, 0 }, SliceStatus.BadLength)]
    public void Open_HandMadeBytes_SaysWhy(byte[] bytes, SliceStatus expected)
    {
        SliceHeader header = Samples.Slice(Samples.Lines[^1])[0].Header;
        Assert.Equal(expected, new SliceReader([]).Open(header, bytes));
    }

    [Theory]
    [InlineData("[]", true)]
    [InlineData("{}", true)]
    [InlineData("[\"a\",\"\"]", true)]
    [InlineData("[\"a\\\\\"]", true)]
    [InlineData("{\"a\":[1]}", true)]
    [InlineData("[\"\\ud800\"]", true)]
    [InlineData("[}x]", false)]
    [InlineData("[\"a\",]", false)]
    [InlineData("[\"a\"\"]", false)]
    [InlineData("[\"a]", false)]
    [InlineData("[\"]", false)]
    [InlineData("[", false)]
    [InlineData("", false)]
    [InlineData("[] ", false)]
    [InlineData(" []", false)]
    [InlineData("\"a\"", false)]
    [InlineData("[][]", false)]
    [InlineData("[}", false)]
    public void IsNested_Texts_OnlyJson(string json, bool expected) =>
        Assert.Equal(expected, NestedJson.IsNested(System.Text.Encoding.UTF8.GetBytes(json)));

    private static bool TryUse(SliceReader reader, SliceHeader header, byte[] bytes, TrafficClassifier classifier, TrafficBatch batch)
    {
        if (reader.Open(header, bytes) != SliceStatus.Ok)
        {
            return false;
        }

        int count = 0;
        LogRecord record = reader.CreateRecord();
        batch.Clear();
        while (reader.TryReadNext(record, out _))
        {
            count++;
            if (record.Dataset is Dataset.HttpRequests or Dataset.FirewallEvents)
            {
                classifier.Classify(record, batch);
            }
        }

        while (reader.TryReadNext(out DeadLetter? letter, out _))
        {
            Assert.True(letter.FirstBytes.Length <= bytes.Length);
            count++;
        }

        Assert.Equal(header.Count, count);
        return true;
    }
}
