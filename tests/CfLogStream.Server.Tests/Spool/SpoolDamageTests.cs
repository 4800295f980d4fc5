using CfLogStream.Kafka.Slices;
using CfLogStream.Server.Spool;

namespace CfLogStream.Server.Tests.Spool;

/// <summary>Files cut at every byte and bits flipped anywhere: what is read is what was written, and what is not is told.</summary>
public sealed class SpoolDamageTests
{
    [Fact]
    public async Task Open_CutAtEveryByteOfTheTail_KeepsEveryWholeMessage()
    {
        using var spool = new SpoolFolder();
        long first = spool.Partition.End;
        Slice[] written = [.. Enumerable.Range(0, 5).Select(i => SpoolFolder.Message(0, i, 30 * i))];
        foreach (Slice slice in written)
        {
            await spool.AppendAsync(slice);
        }

        spool.Log.Dispose();
        string file = Assert.Single(spool.Files());
        byte[] whole = File.ReadAllBytes(file);
        for (int length = whole.Length; length >= 0; length--)
        {
            File.WriteAllBytes(file, whole[..length]);
            int kept = 0;
            for (int end = SpoolSegment.HeadBytes; kept < written.Length; kept++)
            {
                end += SpoolRecord.HeaderBytes + written[kept].Value.Length;
                if (end > length)
                {
                    break;
                }
            }

            spool.Reopen();
            long next = spool.Partition.End;
            await spool.AppendAsync(SpoolFolder.Message(0, 99));
            (SortedDictionary<long, Slice> messages, List<(long From, long To)> lost) = spool.ReadAll();

            Assert.True(lost.Count == 0 && messages.Count == kept + 1, $"cut at {length}: {messages.Count} messages, {lost.Count} losses");
            Assert.Equal(first + kept, next);
            Assert.All(messages.Where(pair => pair.Key < next), pair => SpoolFolder.AssertSame(written[(int)(pair.Key - first)], pair.Value));
            spool.Log.Dispose();
            foreach (string other in spool.Files().Where(other => other != file))
            {
                File.Delete(other);
            }
        }
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    [InlineData(14)]
    public async Task Read_AfterBitsWereFlipped_TellsEveryLossAndNothingFalse(int seed)
    {
        var random = new Random(seed);
        for (int round = 0; round < 40; round++)
        {
            using var spool = new SpoolFolder(segmentBytes: 2_000);
            long first = spool.Partition.End;
            Slice[] written = [.. Enumerable.Range(0, random.Next(1, 30)).Select(i => SpoolFolder.Message(0, i, random.Next(0, 400)))];
            foreach (Slice slice in written)
            {
                await spool.AppendAsync(slice);
            }

            spool.Log.Dispose();
            for (int flips = random.Next(1, 4); flips > 0; flips--)
            {
                string[] files = spool.Files();
                string file = files[random.Next(files.Length)];
                byte[] bytes = File.ReadAllBytes(file);
                bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
                File.WriteAllBytes(file, bytes);
            }

            spool.Reopen();
            await spool.AppendAsync(SpoolFolder.Message(0, 99));
            spool.Reopen();
            (SortedDictionary<long, Slice> messages, List<(long From, long To)> lost) = spool.ReadAll(first);

            string failed = $"seed {seed}, round {round}";
            Assert.All(
                messages.Where(pair => pair.Value.Header.Batch != 99), pair => SpoolFolder.AssertSame(written[(int)(pair.Key - first)], pair.Value));
            SpoolFolder.AssertSame(SpoolFolder.Message(0, 99), messages.Last().Value);
            Assert.True(messages.Last().Key >= first + written.Length, failed);
            var told = new HashSet<long>(messages.Keys);
            foreach ((long from, long to) in lost)
            {
                for (long offset = from; offset < to; offset++)
                {
                    Assert.True(told.Add(offset), failed);
                }
            }

            Assert.All(Enumerable.Range(0, written.Length), i => Assert.Contains(first + i, told));
            Assert.True(written.Length - (messages.Count - 1) <= 3 * 2, failed);
        }
    }

    [Fact]
    public async Task Read_WithARecordInsideADamagedValue_DoesNotTakeItForOne()
    {
        using var spool = new SpoolFolder();
        byte[] inner = new byte[SpoolRecord.HeaderBytes + 3];
        new SpoolRecord(spool.Partition.End + 1, new SliceHeader(SliceKind.AuditLogs, 1, 1, 0, 1), 3, SpoolRecord.HashOf(inner.AsSpan()[^3..], 0))
            .Write(inner, seed: 0);
        await spool.AppendAsync(new Slice(0, new SliceHeader(SliceKind.HttpRequests, 7, 1, 0, 1), inner), SpoolFolder.Message(0, 2));
        long first = spool.Partition.First;
        spool.Log.Dispose();
        string file = spool.Files()[0];
        byte[] bytes = File.ReadAllBytes(file);
        bytes[SpoolSegment.HeadBytes + 20] ^= 1;
        File.WriteAllBytes(file, bytes);

        spool.Reopen();

        (SortedDictionary<long, Slice> messages, List<(long From, long To)> lost) = spool.ReadAll(first);
        Assert.Equal([(first, first + 1)], lost);
        SpoolFolder.AssertSame(SpoolFolder.Message(0, 2), Assert.Single(messages).Value);
    }

    [Fact]
    public async Task Append_WhileTheDiskIsFull_FailsAndRecoversByItself()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "needs to mount a small disk");
        using var place = new SmallDisk(megabytes: 2);
        using var spool = new SpoolFolder(folder: Path.Combine(place.Folder, "spool"));
        string filler = Path.Combine(place.Folder, "filler");
        await spool.AppendAsync(SpoolFolder.Message(0, 0, 1_000));
        File.WriteAllBytes(filler, new byte[1_500_000]);
        int number = 1;
        var refused = 0;
        for (; refused < 3; number++)
        {
            try
            {
                await spool.AppendAsync(SpoolFolder.Message(0, number, 100_000));
            }
            catch (Kafka.Client.LogAppendException problem)
            {
                Assert.True(problem.IsTransient);
                refused++;
            }
        }

        int whole = spool.ReadAll().Messages.Count;
        Assert.Equal(number - 3, whole);
        File.Delete(filler);
        await spool.AppendAsync(SpoolFolder.Message(0, number, 100_000));

        Assert.Equal(whole + 1, spool.ReadAll().Messages.Count);
        spool.Reopen();
        (SortedDictionary<long, Slice> messages, List<(long From, long To)> lost) = spool.ReadAll();
        Assert.Empty(lost);
        Assert.Equal(whole + 1, messages.Count);
        SpoolFolder.AssertSame(SpoolFolder.Message(0, number, 100_000), messages.Last().Value);
    }
}
