using CfLogStream.Core.Fuzz;
using CfLogStream.Core.Logpush;
using CfLogStream.Core.Logpush.Simd;

namespace CfLogStream.Core.Tests.Logpush.Simd;

/// <summary>Other projects' records, as they are and damaged, at every width.</summary>
public sealed class SampleWidthTests
{
    private static readonly ReaderOptions s_options = new() { ExtraFields = ["ClientCity", "Cookies"] };

    public static TheoryData<SimdWidth> All => Widths.All;

    [Theory]
    [MemberData(nameof(All))]
    public void TryReadNext_EverySampleFile_EqualsScalarAndUtf8JsonReader(SimdWidth width)
    {
        foreach (string file in SampleFiles.Names())
        {
            var readers = new LockStep(s_options, [width]);
            byte[] content = SampleFiles.Read(file);
            for (int round = 0; round < 2; round++)
            {
                string? difference = readers.FindDifference(Buffers.Of(content));
                Assert.True(difference is null, $"{file}: {difference}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void TryReadNext_DamagedSamples_EqualsScalarAndUtf8JsonReader(SimdWidth width)
    {
        int seed = Random.Shared.Next();
        var random = new Random(seed);
        foreach (string file in SampleFiles.Names())
        {
            byte[][] lines = [.. Lines(SampleFiles.Read(file)).Take(40)];
            for (int round = 0; round < 12; round++)
            {
                // One reader for a few lines only: what damaged lines teach it soon makes it expect anything.
                byte[] line = lines[random.Next(lines.Length)];
                var content = new List<byte>([.. line, (byte)'\n', .. line, (byte)'\n']);
                for (int i = 0; i < 12; i++)
                {
                    byte[] damaged = Mutation.Apply(random, line, lines[random.Next(lines.Length)]);
                    damaged = random.Next(4) == 0 ? Mutation.Apply(random, damaged, line) : damaged;
                    content.AddRange([.. damaged, (byte)'\n', .. line, (byte)'\n']);
                }

                string? difference = new LockStep(s_options, [width]).FindDifference(Buffers.Of([.. content]));
                Assert.True(difference is null, $"{file}, seed {seed}: {difference}");
            }
        }
    }

    private static List<byte[]> Lines(byte[] content)
    {
        List<byte[]> lines = [];
        var splitter = new LineSplitter(content);
        while (splitter.TryReadLine(out LineSpan line) || splitter.TryReadRest(out line))
        {
            lines.Add(content.AsSpan(line.Start, line.Length).ToArray());
        }

        return lines;
    }
}
