using System.Diagnostics;
using System.Globalization;

namespace CfLogStream.Benchmarks.Peers;

/// <summary>Asks the ClickHouse engine itself (libchdb).</summary>
/// <remarks>Runs in a process of its own, so that its time and memory can be measured.</remarks>
internal static class ClickHousePeer
{
    public static int Run(string form, string folder, TextWriter output)
    {
        using var engine = new ClickHouseEngine();
        string version = engine.Query("SELECT version()").Trim();
        var clock = Stopwatch.StartNew();
        long[] row = [.. engine.Query(ClickHouseQuestion.Sql(folder, Enum.Parse<ClickHouseForm>(form)))
            .Split('\t', StringSplitOptions.TrimEntries).Select(value => long.Parse(value, CultureInfo.InvariantCulture))];
        var answer = new PeerAnswer(
            row[0], row[1], row[2], row[3], row[4], row[5], Seconds: clock.Elapsed.TotalSeconds, Version: $"ClickHouse {version} (libchdb)");
        output.WriteLine(answer.ToJson());
        return 0;
    }
}
