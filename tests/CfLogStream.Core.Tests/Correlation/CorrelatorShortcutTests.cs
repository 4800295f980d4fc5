using CfLogStream.Core.Correlation;
using CfLogStream.Core.Traffic;
using CsCheck;

namespace CfLogStream.Core.Tests.Correlation;

/// <summary>Logs that meet what the correlator remembers only to be quicker: pairs of endpoint and client, windows asked for last, indexes.</summary>
public sealed class CorrelatorShortcutTests
{
    private const uint Partition = 3;

    /// <summary>More pairs than are remembered, over several minutes and hours, some of them past the caps, some too long to remember.</summary>
    [Theory]
    [InlineData(1_000, 1_000)]
    [InlineData(20, 1_000)]
    [InlineData(1_000, 5)]
    public void Run_ManyPairsOfEndpointAndClient_GivesTheOraclesRows(int templates, int clients)
    {
        var options = new CorrelationOptions
        {
            AllowedLateness = TimeSpan.FromMinutes(2),
            JoinHorizon = TimeSpan.FromMinutes(1),
            TemplatesPerWindowHost = templates,
            ClientsPerWindowHost = clients,
            HostsPerWindowZone = 3,
        };
        var dice = new Dice(17, 4);
        (LogLine Line, long Offset)[] lines = [.. Enumerable.Range(0, 5_000).Select(i => (Line(dice, i), (long)i))];
        Assert.Equal(Oracle.Run(options, Partition, lines).Lines(), Run(options, lines).Lines());
    }

    [Fact]
    public void Run_ManyEventsOfOneRay_GivesTheOraclesRows() =>
        Gen.Select(Gen.Int[0, 4], Gen.Int[0, 6], Gen.Int[0, 400], Gen.Int[0, 12]).Array[0, 40].Sample(
            events =>
            {
                var options = new CorrelationOptions { JoinHorizon = TimeSpan.FromMinutes(2), AllowedLateness = TimeSpan.FromSeconds(30) };
                var entry = new LogEntry("firewallcustom", "r0", "block");
                (LogLine Line, long Offset)[] lines =
                [
                    .. events.Select((told, i) =>
                    {
                        (int rule, int matchIndex, int second, int kind) = told;
                        long time = LogLine.Epoch + (second * LogLine.Second);
                        LogLine line = kind == 0
                            ? LogLine.Request("00000000000000aa", time, entry, entry with { RuleId = "r1" })
                            : LogLine.Event("00000000000000aa", time, entry with { RuleId = $"r{rule}" }, matchIndex);
                        return (line, (long)i);
                    }),
                ];
                Assert.Equal(Oracle.Run(options, Partition, lines).Lines(), Run(options, lines).Lines());
            },
            iter: 300);

    private static LogLine Line(Dice dice, int number) => LogLine.Request($"{number + 1:x16}", LogLine.Epoch + (number * 1_500_000_000L)) with
    {
        Host = dice.Pick("api.example.com", "www.example.com", "hooks.example.com", "one.more", "{other}"),
        Template = dice.Next(40) == 0 ? "/" + new string('t', 100 + dice.Next(120)) : $"/t{dice.Next(400)}",
        Method = dice.Pick("GET", "POST"),
        ClientName = $"c{dice.Next(8)}",
        Trust = (Trust)dice.Next(2),
        Surface = (Surface)dice.Next(5),
        Flags = dice.Next(5) == 0 ? RecordFlags.KnownTemplate : RecordFlags.Sampled,
        Caller = (ulong)dice.Next(30),
    };

    private static RowBook Run(CorrelationOptions options, IEnumerable<(LogLine Line, long Offset)> lines)
    {
        var book = new RowBook();
        var correlator = new Correlator(options, book, Partition);
        var batch = new TrafficBatch();
        foreach ((LogLine line, long offset) in lines)
        {
            LogWriter.Feed(correlator, batch, line, offset);
        }

        correlator.Complete();
        return book;
    }
}
