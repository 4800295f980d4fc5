using CfLogStream.ClickHouse.Rows;
using CfLogStream.Core.Correlation;
using CfLogStream.Core.Logpush;
using CfLogStream.Core.Traffic;
using CfLogStream.Server.Analysis;
using CsCheck;

namespace CfLogStream.Server.Tests.Analysis;

public sealed class OrderedLogTests
{
    private const long Minute = 60_000_000_000;

    [Fact]
    public void Add_LinesInNoOrderAndFilesReadInAnyTurn_AllComeInTheirPlace() =>
        Gen.Select(Gen.Int[0, 600].Array[1, 40].Array[1, 5], Gen.Int).Sample(
            (files, seed) =>
            {
                // Of each file only its first line is known beforehand; its lines come one by one, the files' turns are dice.
                var dice = new Random(seed);
                var frontier = new ReadFrontier([.. files.Select(file => At(file[0]))], TimeSpan.FromDays(1));
                var pages = new RecordPagePool();
                var filter = new AnalysisFilter(new AnalysisScope());
                var correlator = new Correlator(new CorrelationOptions(), new RowEncoder(new RowEncoderOptions()), 0);
                var log = new OrderedLog(1L << 30, pages, filter, frontier, correlator, new TallyBoard(), new DeadLetterBook(1));
                int[] next = new int[files.Length];
                for (int file = dice.Next(files.Length); next.Zip(files).Any(pair => pair.First <= pair.Second.Length); file = dice.Next(files.Length))
                {
                    if (next[file] <= files[file].Length)
                    {
                        log.Add(Batch(file, next[file], files[file], pages));
                        next[file]++;
                    }
                }

                log.Complete();
                Assert.Equal(0, log.Disordered);
            },
            iter: 300);

    private static TimesSeen At(long minute) => TimesSeen.None.With(minute * Minute);

    private static ParsedBatch Batch(int file, int sequence, int[] minutes, RecordPagePool pages)
    {
        var batch = new ParsedBatch { File = file, Sequence = sequence, Times = TimesSeen.None, IsLast = sequence == minutes.Length };
        if (!batch.IsLast)
        {
            batch.Times = At(minutes[sequence]);
            ref TrafficHead head = ref batch.Traffic.Begin(RecordFlags.HexRay, 0, 0);
            head.TimeNs = minutes[sequence] * Minute;
            head.Ray = ((ulong)file << 32) + (ulong)sequence;
            head.Dataset = Dataset.HttpRequests;
            for (int slot = 0; slot < (int)RecordText.DimensionCount; slot++)
            {
                batch.Traffic.Append(default);
            }

            batch.Traffic.Commit();
            new RunArranger(new AnalysisFilter(new AnalysisScope()), pages).Arrange(batch.Traffic, batch.Run);
        }

        return batch;
    }
}
