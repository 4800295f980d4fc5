using CfLogStream.Core.Buffers;
using CfLogStream.Core.Logpush;
using CfLogStream.Server.Sources;

namespace CfLogStream.Server.Tests.Sources;

/// <summary>Other projects' records, which lie beside the checkout and not in it, read as a user would read the folder.</summary>
public sealed class SampleFilesTests
{
    private const string Variable = "CFLOGSTREAM_SAMPLES";

    [Theory]
    [InlineData(1024 * 1024)]
    [InlineData(5000)]
    public void ReadFolder_AllSamples_HaveTheCountsOfTheirIndex(int batchBytes)
    {
        DiscoveredFiles found = FileDiscovery.Find([Path.Combine(Folder(), "*.ndjson"), Path.Combine(Folder(), "*.gz")]);
        var options = new LineBatchOptions { BatchBytes = batchBytes, Reader = new ReaderOptions { MaxLineBytes = 4000 } };
        var pool = new LineBatchPool(options);
        var records = new RecordReader(options.Reader);
        LogRecord record = records.CreateRecord();
        int[] recognised = new int[5];
        List<ReadStatus> deadLetters = [];

        foreach (LogFile file in found.Files)
        {
            using var reader = new LineBatchReader(file, pool);
            while (reader.TryRead(out LineBatch? batch))
            {
                using (batch)
                {
                    int position = PaddedBuffer.Padding;
                    while (records.TryReadNext(batch.Buffer, ref position, record, out _, out ReadStatus status, out _))
                    {
                        recognised[(int)record.Dataset]++;
                        if (ReadStatusNames.IsDeadLetter(status))
                        {
                            deadLetters.Add(status);
                        }
                    }
                }
            }

            Assert.Null(reader.Error);
        }

        Assert.Empty(found.Errors);
        Assert.Equal(14, found.Files.Count);

        // http_requests: 3814 + 2 + 13 + 2 + 5 + 1 (among Elastic's firewall events) + 9 + 1 (malformed) + 3 + 3.
        Assert.Equal([3853, 6, 8, 0], recognised[1..]);
        Assert.Equal(
            [ReadStatus.CutLine, ReadStatus.CutLine, ReadStatus.NoRayId, ReadStatus.NoRayId, ReadStatus.NoTime], deadLetters.Order());
    }

    private static string Folder()
    {
        string? folder = Environment.GetEnvironmentVariable(Variable);
        if (string.IsNullOrEmpty(folder))
        {
            DirectoryInfo? checkout = new(AppContext.BaseDirectory);
            while (checkout is not null && !File.Exists(Path.Combine(checkout.FullName, "CfLogStream.sln")))
            {
                checkout = checkout.Parent;
            }

            folder = Path.Combine(checkout?.Parent?.FullName ?? "/", "shared", "samples");
        }

        Assert.SkipUnless(Directory.Exists(folder), $"The sample records are not at '{folder}'; set {Variable} to where they are.");
        return folder;
    }
}
