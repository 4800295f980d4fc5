using System.Globalization;

namespace CfLogStream.ClickHouse.Embedded.Tests;

public sealed class ProcessTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("cflogstream-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task DataFolder_KilledWhileInserting_KeepsEveryAcknowledgedRow()
    {
        long acknowledged = -1;
        using (ChildProcess writer = ChildProcess.Start("insert", _folder))
        {
            Assert.StartsWith("ready ", await writer.ReadLineAsync(), StringComparison.Ordinal);
            while (acknowledged < 200)
            {
                acknowledged = Number(await writer.ReadLineAsync());
            }

            string rest = await writer.KillAsync();
            string[] lines = rest.Split('\n', StringSplitOptions.RemoveEmptyEntries);

            // The last line may have been cut by the kill.
            acknowledged = lines.Length > 1 ? Number(lines[^2]) : acknowledged;
        }

        using ChildProcess reader = ChildProcess.Start("open", _folder);
        string ready = await reader.ReadLineAsync();
        Assert.StartsWith("ready ", ready, StringComparison.Ordinal);
        using var http = new HttpClient { BaseAddress = new Uri(ready["ready ".Length..]) };
        string found = await http.GetStringAsync(
            new Uri(
                $"/?query=SELECT+count()+FROM+acknowledged+WHERE+n+<=+{acknowledged}+AND+s+=+concat('row+',toString(n))", UriKind.Relative),
            TestContext.Current.CancellationToken);
        Assert.Equal(acknowledged + 1, long.Parse(found, CultureInfo.InvariantCulture));
        Assert.Equal(0, await reader.EndAsync());
    }

    [Fact]
    public async Task DataFolder_UsedByAnotherProcess_SaysWhichAndWhatToDo()
    {
        using ChildProcess first = ChildProcess.Start("open", _folder);
        Assert.StartsWith("ready ", await first.ReadLineAsync(), StringComparison.Ordinal);
        using ChildProcess second = ChildProcess.Start("open", _folder);
        Assert.Equal(
            $"refused Cannot open the data folder '{_folder}': the process with id {first.Id} uses it. Stop that process, connect to its "
            + "ClickHouse by URL, or choose another data folder.",
            await second.ReadLineAsync());
        Assert.Equal(1, await second.EndAsync());
        Assert.Equal(0, await first.EndAsync());
        Assert.False(File.Exists(Path.Combine(_folder, "pid")));
    }

    [Fact]
    public async Task DataFolder_HolderWasKilled_IsTakenOver()
    {
        using (ChildProcess first = ChildProcess.Start("open", _folder))
        {
            Assert.StartsWith("ready ", await first.ReadLineAsync(), StringComparison.Ordinal);
            await first.KillAsync();
        }

        Assert.True(File.Exists(Path.Combine(_folder, "pid")));
        using ChildProcess second = ChildProcess.Start("open", _folder);
        Assert.StartsWith("ready ", await second.ReadLineAsync(), StringComparison.Ordinal);
        Assert.Equal(0, await second.EndAsync());
    }

    [Theory]
    [InlineData("open", null)]
    [InlineData("small", 1L << 20)]
    public async Task TemporaryFolder_HolderWasKilled_IsRemovedByTheNext(string task, long? expectedBytes)
    {
        string parent = TemporaryPlace.For(expectedBytes);
        using (ChildProcess first = ChildProcess.Start(task, ":memory:"))
        {
            Assert.StartsWith("ready ", await first.ReadLineAsync(), StringComparison.Ordinal);
            string[] folders = FoldersOf(parent, first.Id);
            await first.KillAsync();
            Assert.Single(folders);
            DataFolder.RemoveLeftovers(parent);
            Assert.False(Directory.Exists(folders[0]));
        }

        using ChildProcess second = ChildProcess.Start(task, ":memory:");
        Assert.StartsWith("ready ", await second.ReadLineAsync(), StringComparison.Ordinal);
        DataFolder.RemoveLeftovers(parent);
        string left = Assert.Single(FoldersOf(parent, second.Id));
        Assert.Equal(0, await second.EndAsync());
        Assert.False(Directory.Exists(left));
    }

    [Fact]
    public void TemporaryPlace_ChosenByWhatIsExpected()
    {
        Assert.SkipUnless(
            OperatingSystem.IsLinux() && new DriveInfo("/dev/shm") is { DriveFormat: "tmpfs", AvailableFreeSpace: > 1 << 20 }, "There is no /dev/shm.");

        Assert.Equal("/dev/shm", TemporaryPlace.For(1000));
        Assert.Equal(Path.GetTempPath(), TemporaryPlace.For(1L << 50));
        Assert.Equal(Path.GetTempPath(), TemporaryPlace.For(null));
    }

    [Fact]
    public async Task Start_WithoutListening_AnswersInThisProcess()
    {
        // A name that means something in XML and in the engine's configuration.
        string folder = Path.Combine(_folder, "R&D <'ä\"{}");
        using ChildProcess child = ChildProcess.Start("quiet", folder);
        Assert.Equal("ready http://localhost/", await child.ReadLineAsync());
        Assert.Equal("answer 1", await child.ReadLineAsync());
        Assert.Equal(0, await child.EndAsync());
        Assert.True(Directory.Exists(Path.Combine(folder, "engine")));
    }

    [Fact]
    public async Task Limits_Exceeded_AreAnsweredAsClickHouseWould()
    {
        using ChildProcess narrow = ChildProcess.Start("narrow", _folder);
        string ready = await narrow.ReadLineAsync();
        using var http = new HttpClient { BaseAddress = new Uri(ready["ready ".Length..]) };
        using var slow = new CancellationTokenSource();
        Task<string> running = http.GetStringAsync(
            new Uri(
                "/?max_block_size=1&max_execution_time=0&query=SELECT+sleepEachRow(1)+FROM+numbers(1000)+FORMAT+JSON", UriKind.Relative),
            slow.Token);
        (int Status, string Text) answer;
        do
        {
            answer = await GetAsync(http, "/?query=SELECT+1");
        }
        while (answer == (200, "1\n"));

        Assert.Equal(
            (503, "Code: 202. DB::Exception: Too many simultaneous queries: all 1 places stayed taken for 0.05 s. Try again "
            + "(TOO_MANY_SIMULTANEOUS_QUERIES) (version 26.7.2.1)\n"),
            answer);
        await slow.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        do
        {
            answer = await GetAsync(http, "/?query=SELECT+1");
        }
        while (answer.Status == 503);

        Assert.Equal((200, "1\n"), answer);
        using var large = new StringContent("INSERT INTO FUNCTION null('s String') FORMAT TSV\n" + new string('x', 2000));
        using HttpResponseMessage refused = await http.PostAsync(new Uri("/", UriKind.Relative), large,
            TestContext.Current.CancellationToken);
        Assert.Equal(
            "Code: 396. DB::Exception: The request body is larger than 1000 bytes (inflated). Send it in smaller parts "
            + "(TOO_MANY_ROWS_OR_BYTES) (version 26.7.2.1)\n",
            await refused.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal(0, await narrow.EndAsync());
    }

    [Fact]
    public async Task Dispose_WhileAStatementRuns_EndsItAndTheProcess()
    {
        using ChildProcess child = ChildProcess.Start("open", _folder);
        string ready = await child.ReadLineAsync();
        using var http = new HttpClient { BaseAddress = new Uri(ready["ready ".Length..]) };
        Task<string> running = http.GetStringAsync(
            new Uri("/?query=SELECT+count()+FROM+numbers(1000000000000)+WHERE+sipHash64(number)=1", UriKind.Relative),
            TestContext.Current.CancellationToken);
        while ((await GetAsync(http, "/?query=SELECT+count()+FROM+system.processes")).Text != "2\n")
        {
        }

        Assert.Equal(0, await child.EndAsync());
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => running);
        Assert.False(File.Exists(Path.Combine(_folder, "pid")));
    }

    private static async Task<(int Status, string Text)> GetAsync(HttpClient http, string url)
    {
        using HttpResponseMessage answer = await http.GetAsync(new Uri(url, UriKind.Relative), TestContext.Current.CancellationToken);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    private static string[] FoldersOf(string parent, int process) =>
    [
        .. Directory.EnumerateDirectories(parent, "cflogstream-memory-*").Where(folder =>
            File.Exists(Path.Combine(folder, "pid"))
            && File.ReadAllText(Path.Combine(folder, "pid")) == process.ToString(CultureInfo.InvariantCulture)),
    ];

    private static long Number(string line) => long.Parse(line["inserted ".Length..], CultureInfo.InvariantCulture);
}
