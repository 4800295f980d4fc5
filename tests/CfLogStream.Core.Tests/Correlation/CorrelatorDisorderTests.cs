using CfLogStream.Core.Correlation;
using CfLogStream.Core.Traffic;
using CsCheck;

namespace CfLogStream.Core.Tests.Correlation;

/// <summary>Disorder within the allowed lateness, and duplicates, change no row.</summary>
public sealed class CorrelatorDisorderTests
{
    private static readonly CorrelationOptions s_options = new()
    {
        AllowedLateness = TimeSpan.FromMinutes(5),
        JoinHorizon = TimeSpan.FromMinutes(2),
        LostPerWindowHostRule = 2,
        SampleOneOf = 3,
    };

    private static readonly LogEntry s_block = new("firewallcustom", "r1", "block", "ref1", "no browsers");
    private static readonly LogEntry s_log = new("firewallmanaged", "r2", "log", "", "sqli");
    private static readonly LogEntry s_challenge = new("botfight", "bot_fight_mode", "managedchallenge");
    private static readonly LogEntry s_solved = new("botfight", "bot_fight_mode", "managedchallengeinteractivesolved");

    [Fact]
    public void Run_ShuffledWithinLateness_GivesTheSameRows() =>
        Gen.Select(Gen.Select(Gen.ULong, Gen.ULong).Array[1, 25], Gen.Int[0, 299_999].Array[400], Gen.Int[0, 400].Array[0, 6]).Sample(
            (stories, jitter, repeats) =>
            {
                List<LogLine> lines = stories
                    .SelectMany((seed, i) => Story(new Dice(seed.Item1, seed.Item2), i))
                    .OrderBy(line => line.TimeNs)
                    .ToList();
                List<LogLine> withRepeats = [.. lines, .. repeats.Select(i => lines[i % lines.Count])];
                IEnumerable<LogLine> shuffled = withRepeats
                    .Select((line, i) => (line, Arrives: line.TimeNs + (jitter[i % 400] * 1_000_000L)))
                    .OrderBy(pair => pair.Arrives)
                    .Select(pair => pair.line);
                RowBook expected = LogWriter.Run(s_options, lines);
                RowBook actual = LogWriter.Run(s_options, shuffled);
                Assert.Equal(WithoutReceipts(expected), WithoutReceipts(actual));
                Assert.Equal(repeats.Length, actual.Quality.Sum(row => (int)row.Duplicates));
                Assert.Equal(0, actual.Quality.Sum(row => (int)row.Late));
            },
            iter: 500);

    private static IEnumerable<string> WithoutReceipts(RowBook book) => book.Lines(versions: false)
        .Select(line => System.Text.RegularExpressions.Regex.Replace(line, "(?<=^quality.*)(r|d)=[0-9]+ ", ""));

    private static IEnumerable<LogLine> Story(Dice dice, int number)
    {
        string ray = $"{number + 1:x15}0";
        string other = $"{number + 1:x15}1";
        long time = LogLine.Epoch + (dice.Next(1_800_000) * 1_000_000L);
        LogLine common = LogLine.Request(ray, time) with
        {
            Host = dice.Pick("api.example.com", "www.example.com"),
            Template = dice.Pick("/v1/users/{id}", "/v1/orders"),
            Caller = (ulong)dice.Next(5),
            Surface = dice.Pick(Surface.Api, Surface.Page),
            Country = dice.Pick("DE", "FR"),
            Flags = RecordFlags.HasOriginStatus | dice.Pick(RecordFlags.None, RecordFlags.Sampled),
        };
        long soon = dice.Next(100) * LogLine.Second;
        LogLine With(LogLine line, params LogEntry[] entries) => line with { Entries = entries, Announced = (short)entries.Length };
        LogLine Of(LogLine line, LogEntry entry, int index, long after) => line with
        {
            Dataset = Core.Logpush.Dataset.FirewallEvents,
            Entries = [entry with { Description = "from the event" }],
            Announced = -1,
            MatchIndex = index,
            TimeNs = line.TimeNs + after,
        };
        switch (dice.Next(8))
        {
            case 0:
                return [common];
            case 1:
                return [With(common, s_block, s_log), Of(common, s_block, 0, soon), Of(common, s_log, 1, 0)];
            case 2:
                return [With(common, s_block), Of(common, s_log, 1, soon)];
            case 3:
                return [Of(common, s_log, 1, 0), Of(common, s_block, 0, soon)];
            case 4:
                LogLine challenged = With(common, s_challenge) with { Flags = RecordFlags.BrowserClient };
                return
                [
                    challenged,
                    Of(challenged, s_challenge, 0, 0),
                    With(challenged, s_solved) with { Ray = other, TimeNs = time + soon },
                    Of(challenged, s_solved, 0, soon) with { Ray = other, Originator = ray },
                ];
            case 5:
                return
                [
                    common with { Flags = common.Flags | RecordFlags.Sampled },
                    common with { Ray = other, Parent = ray, TimeNs = time + soon, Flags = RecordFlags.WorkerSubrequest },
                    With(common, s_block) with { Ray = other[..15] + "2", Parent = ray, Flags = RecordFlags.WorkerSubrequest },
                ];
            case 6:
                return [common with { Announced = -1 }, Of(common, s_block, 0, soon), Of(common, s_log, 1, soon)];
            default:
                return [With(common, s_challenge) with { Announced = -1 }, Of(common, s_challenge, 0, 0)];
        }
    }
}
