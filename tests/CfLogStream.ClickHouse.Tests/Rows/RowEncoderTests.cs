using System.Text;
using CfLogStream.ClickHouse.Rows;
using CfLogStream.Core.Correlation;
using CfLogStream.Core.Logpush;

namespace CfLogStream.ClickHouse.Tests.Rows;

public sealed class RowEncoderTests
{
    private const uint Day = 86_400;

    private static readonly RowEncoderOptions s_options = new() { Database = "logs" };

    [Fact]
    public void Options_Defaults()
    {
        var options = new RowEncoderOptions();

        Assert.Equal("cflogstream", options.Database);
        Assert.Equal(100_000, options.MaxRows);
        Assert.Equal(16 * 1024 * 1024, options.MaxBytes);
        Assert.Equal(90, options.MaxPartitions);
    }

    [Fact]
    public void Construct_BadDatabaseName_Throws() =>
        Assert.Throws<ArgumentException>(() => new RowEncoder(new RowEncoderOptions { Database = "a b" }));

    [Fact]
    public void Take_Nothing_IsEmpty()
    {
        var encoder = new RowEncoder(s_options);

        Assert.Empty(encoder.TakeFull());
        Assert.Empty(encoder.TakeAll());
    }

    [Fact]
    public void InsertStatement_NamesEveryColumnAndTheEphemeralOneInsteadOfTheState()
    {
        var encoder = new RowEncoder(s_options);
        encoder.Add(new RowSamples(1).Mitigations(0));
        EncodedBlock block = Assert.Single(encoder.TakeAll());

        Assert.Equal(
            "INSERT INTO logs.mitigations_1m (window, zone, host, method, path, surface, client_class, client_name, trust, control, "
            + "rule_id, action, partition, chunk, version, count, lost, first_seen, last_seen, bot_scores, waf_scores, caller_hashes, "
            + "callers_exact, example_rays) FORMAT Native",
            block.InsertStatement);
        Assert.Equal("mitigations_1m", block.Table);
    }

    [Fact]
    public void Add_RowsToTheLimit_FillsBlocksInOrder()
    {
        var encoder = new RowEncoder(s_options with { MaxRows = 10 });
        for (int i = 0; i < 25; i++)
        {
            encoder.Add(Quality(0, (ulong)i));
        }

        Assert.Equal(2, encoder.FullBlocks);
        Assert.Equal(5, encoder.OpenRows);
        Assert.Equal([10, 10], encoder.TakeFull().Select(block => block.Rows));
        Assert.Equal([5], encoder.TakeAll().Select(block => block.Rows));
        Assert.Equal(0, encoder.OpenRows);
    }

    [Fact]
    public void Add_BytesToTheLimit_FillsBlocks()
    {
        var encoder = new RowEncoder(s_options with { MaxBytes = 10_000 });
        byte[] bytes = new byte[4_000];
        for (uint i = 0; i < 9; i++)
        {
            encoder.Add(new DeadLetterRow { Reason = "cut_line"u8, ContentHash = i, Bytes = bytes });
        }

        Assert.Equal([3, 3, 3], encoder.TakeFull().Select(block => block.Rows));
    }

    [Fact]
    public void Add_ManyDays_NeverMoreThanTheLimitInOneBlock()
    {
        var encoder = new RowEncoder(s_options with { MaxPartitions = 3 });
        foreach (uint day in new uint[] { 0, 1, 2, 0, 1, 3, 3, 4, 5, 9, 9 })
        {
            encoder.Add(Quality(day, 0));
        }

        Assert.Equal([5, 4, 2], encoder.TakeAll().Select(block => block.Rows));
    }

    [Fact]
    public async Task Bytes_AreCloseToWhatIsWritten()
    {
        var samples = new RowSamples(5);
        var encoder = new RowEncoder(s_options);
        for (int i = 0; i < 200; i++)
        {
            encoder.Add(samples.Requests(i));
            encoder.Add(samples.Mitigations(i));
            samples.Request(i).AddTo(encoder);
        }

        foreach (EncodedBlock block in encoder.TakeAll())
        {
            using var written = new MemoryStream();
            await block.WriteAsync(written, 0, block.Rows, TestContext.Current.CancellationToken);
            Assert.InRange(written.Length, block.Bytes * 0.95, (block.Bytes * 1.05) + 5_000);
        }
    }

    [Fact]
    public async Task Write_AfterDispose_ThrowsAndMemoryIsUsedAgain()
    {
        var encoder = new RowEncoder(s_options);
        encoder.Add(Quality(1, 1));
        EncodedBlock block = Assert.Single(encoder.TakeAll());
        block.Dispose();
        block.Dispose();

        await Assert.ThrowsAsync<ObjectDisposedException>(
            () => block.WriteAsync(Stream.Null, 0, 1, TestContext.Current.CancellationToken).AsTask());

        encoder.Add(Quality(2, 2));
        Assert.Equal(1, Assert.Single(encoder.TakeAll()).Rows);
    }

    [Theory]
    [InlineData(-1, 1)]
    [InlineData(0, 0)]
    [InlineData(0, 4)]
    [InlineData(2, 2)]
    public async Task Write_RowsThatAreNotThere_Throws(int start, int count)
    {
        var encoder = new RowEncoder(s_options);
        encoder.Add(Quality(1, 1));
        encoder.Add(Quality(1, 2));
        encoder.Add(Quality(1, 3));
        EncodedBlock block = Assert.Single(encoder.TakeAll());

        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            () => block.WriteAsync(Stream.Null, start, count, TestContext.Current.CancellationToken).AsTask());
    }

    [Fact]
    public async Task Write_Native_IsTheDocumentedLayout()
    {
        var encoder = new RowEncoder(s_options);
        encoder.Add(Quality(1, 7));
        encoder.Add(Quality(1, 8));
        EncodedBlock block = Assert.Single(encoder.TakeAll());
        using var written = new MemoryStream();
        await block.WriteAsync(written, 1, 1, TestContext.Current.CancellationToken);

        byte[] start =
        [
            15, 1,
            .. "\u0006window"u8, .. "\u000fDateTime('UTC')"u8, .. BitConverter.GetBytes(Day),
            .. "\u0007dataset"u8, .. "\u0016LowCardinality(String)"u8,
            1, 0, 0, 0, 0, 0, 0, 0,
            0, 6, 0, 0, 0, 0, 0, 0,
            1, 0, 0, 0, 0, 0, 0, 0, .. "\u000dhttp_requests"u8,
            1, 0, 0, 0, 0, 0, 0, 0, 0,
            .. "\u0009partition"u8, .. "\u0006UInt32"u8, 0, 0, 0, 0,
            .. "\u0005chunk"u8, .. "\u0006UInt64"u8, 8, 0, 0, 0, 0, 0, 0, 0,
        ];
        Assert.Equal(start, written.ToArray().Take(start.Length));
    }

    [Fact]
    public void Add_SteadyState_AllocatesNothing()
    {
        const int Rows = 200;
        var samples = new RowSamples(11);
        RequestsRow[] requests = [.. Enumerable.Range(0, Rows).Select(samples.Requests)];
        MitigationsRow[] mitigations = [.. Enumerable.Range(0, Rows).Select(samples.Mitigations)];
        CallersRow[] callers = [.. Enumerable.Range(0, Rows).Select(samples.CallersOf)];
        RuleRow[] rules = [.. Enumerable.Range(0, Rows).Select(samples.Rule)];
        QualityRow[] quality = [.. Enumerable.Range(0, Rows).Select(samples.Quality)];
        byte[] source = Encoding.UTF8.GetBytes("a file");
        var batch = new RequestBatch(samples, Rows);
        var encoder = new RowEncoder(s_options with { MaxBytes = int.MaxValue });
        // The least of several rounds: a collection on another thread moves this thread's count by what it retires.
        long allocated = long.MaxValue;
        for (int round = 0; round < 3; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < Rows; i++)
            {
                encoder.Add(in requests[i]);
                encoder.Add(in mitigations[i]);
                encoder.Add(in callers[i]);
                encoder.Add(in rules[i]);
                encoder.Add(in quality[i]);
                batch.AddTo(encoder, i);
                encoder.Add(new DeadLetterRow { Reason = "cut_line"u8, ContentHash = (ulong)i, Source = source, Bytes = source });
            }

            allocated = Math.Min(allocated, GC.GetAllocatedBytesForCurrentThread() - before);
            foreach (EncodedBlock block in encoder.TakeAll())
            {
                block.Dispose();
            }
        }

        Assert.Equal(0, allocated);
    }

    private static QualityRow Quality(uint day, ulong chunk) => new()
    {
        Key = new RowKey(day * Day, 0, chunk, 1),
        Dataset = Dataset.HttpRequests,
    };
}
