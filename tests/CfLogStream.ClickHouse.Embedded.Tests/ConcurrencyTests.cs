using System.Globalization;

namespace CfLogStream.ClickHouse.Embedded.Tests;

public sealed class ConcurrencyTests(EmbeddedFixture fixture)
{
    [Fact]
    public async Task ReadersAndWriters_SixteenEach_SeeWholeInserts()
    {
        Assert.Equal((200, ""), await fixture.PostAsync("", "CREATE TABLE parallel (w UInt32, n UInt32) ENGINE "
            + "= MergeTree ORDER BY (w, n)"));
        const int Inserts = 10;
        IEnumerable<Task> writers = Enumerable.Range(0, 16).Select(async writer =>
        {
            for (int i = 0; i < Inserts; i++)
            {
                string rows = string.Join('\n', Enumerable.Range(i * 100, 100).Select(n =>
                    string.Create(CultureInfo.InvariantCulture, $"{writer}\t{n}")));
                Assert.Equal((200, ""), await fixture.PostAsync("", "INSERT INTO parallel FORMAT TSV\n" + rows + "\n"));
            }
        });
        IEnumerable<Task> readers = Enumerable.Range(0, 16).Select(async _ =>
        {
            for (int i = 0; i < Inserts; i++)
            {
                (int status, string text) = await fixture.PostAsync("",
                    "SELECT w, count() FROM parallel GROUP BY w HAVING count() % 100 != 0");
                Assert.Equal((200, ""), (status, text));
            }
        });
        await Task.WhenAll(writers.Concat(readers));
        Assert.Equal((200, "16000\t16\t16000\n"), await fixture.PostAsync("",
            "SELECT count(), uniqExact(w), uniqExact(w, n) FROM parallel"));
    }

    [Fact]
    public async Task SettingsDatabaseRoleAndParameters_NeverLeakIntoAnotherRequest()
    {
        await fixture.PostAsync("", "CREATE DATABASE IF NOT EXISTS isolated");
        var random = new Random(4711);
        int[] kinds = [.. Enumerable.Range(0, 400).Select(_ => random.Next(5))];
        await Parallel.ForEachAsync(
            kinds,
            new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = TestContext.Current.CancellationToken },
            async (kind, _) =>
            {
                const string Probe =
                    "SELECT currentDatabase(), getSetting('max_block_size'), getSetting('readonly'), "
                    + "currentRoles(), getSetting('max_result_rows')";
                (string parameters, string expected) = kind switch
                {
                    0 => ("", "default\t65409\t0\t['owner','reader']\t0\n"),
                    1 => ("?database=isolated&max_block_size=123", "isolated\t123\t0\t['owner','reader']\t0\n"),
                    2 => ("?user=reader&password=reader&max_result_rows=77", "default\t65409\t1\t['reader']\t77\n"),
                    3 => ("?database=system&readonly=2", "system\t65409\t2\t['owner','reader']\t0\n"),
                    _ => ("?max_block_size=9&param_x=1", "default\t9\t0\t['owner','reader']\t0\n"),
                };
                Assert.Equal((200, expected), await fixture.PostAsync(parameters, Probe));
                if (kind == 0)
                {
                    (int status, string text) = await fixture.PostAsync("", "SELECT {x:String}");
                    Assert.Contains("(UNKNOWN_QUERY_PARAMETER)", text, StringComparison.Ordinal);
                    Assert.NotEqual(200, status);

                    // What a statement itself sets ends with it as well.
                    await fixture.PostAsync("", "SET max_block_size = 5");
                    await fixture.PostAsync("", "USE isolated");
                    await fixture.PostAsync("", "CREATE TEMPORARY TABLE mine (a Int8)");
                }
            });
    }
}
