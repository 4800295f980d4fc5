using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;

namespace CfLogStream.ClickHouse.Embedded.Tests;

/// <summary>This executable as another process that runs an embedded ClickHouse on a folder.</summary>
internal sealed class ChildProcess : IDisposable
{
    public const string Verb = "child";

    private readonly Process _process;

    private ChildProcess(Process process) => _process = process;

    public int Id => _process.Id;

    /// <summary>
    /// Starts a child: <c>open FOLDER</c>; <c>insert FOLDER</c>, which inserts rows for ever; <c>narrow FOLDER</c>, with one place;
    /// <c>small FOLDER</c>, which says that it will write little; <c>quiet FOLDER</c>, which does not listen.
    /// </summary>
    public static ChildProcess Start(string task, string folder)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true, RedirectStandardInput = true };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
        {
            start.ArgumentList.Add(typeof(ChildProcess).Assembly.Location);
        }

        start.ArgumentList.Add(Verb);
        start.ArgumentList.Add(task);
        start.ArgumentList.Add(folder);
        return new ChildProcess(Process.Start(start)!);
    }

    public async Task<string> ReadLineAsync() =>
        await _process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken)
            ?? throw new EndOfStreamException("The child ended.");

    /// <summary>Kills the child with SIGKILL and returns what it wrote before.</summary>
    public async Task<string> KillAsync()
    {
        _process.Kill();
        string rest = await _process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return rest;
    }

    /// <summary>Lets the child end in good order.</summary>
    public async Task<int> EndAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    /// <summary>
    /// The child itself. Lines out: <c>ready ENDPOINT</c> or <c>refused MESSAGE</c>; then <c>inserted N</c> per acknowledged insert.
    /// </summary>
    public static async Task<int> RunAsync(string[] args)
    {
        EmbeddedClickHouse clickHouse;
        try
        {
            clickHouse = await EmbeddedClickHouse.StartAsync(
                OptionsOf(args[0], args[1]), TimeProvider.System, NullLogger.Instance, CancellationToken.None);
        }
        catch (InvalidOperationException exception)
        {
            Console.WriteLine("refused " + exception.Message);
            return 1;
        }

        await using (clickHouse)
        {
            Console.WriteLine("ready " + clickHouse.Endpoint);
            if (args[0] == "quiet")
            {
                using var http = new HttpClient(clickHouse.CreateHandler()) { BaseAddress = clickHouse.Endpoint };
                Console.WriteLine("answer " + (await http.GetStringAsync(new Uri("/?query=SELECT+1", UriKind.Relative))).Trim());
            }

            if (args[0] == "insert")
            {
                await InsertForEverAsync(clickHouse.Endpoint);
            }

            await Console.In.ReadToEndAsync();
        }

        return 0;
    }

    private static EmbeddedClickHouseOptions OptionsOf(string task, string folder)
    {
        var options = new EmbeddedClickHouseOptions { DataFolder = folder };
        return task switch
        {
            "narrow" => options with { Connections = 1, WaitTimeout = TimeSpan.FromMilliseconds(50), MaxBodyBytes = 1000 },
            "small" => options with { ExpectedBytes = 1 << 20 },
            "quiet" => options with { Listen = false },
            _ => options,
        };
    }

    private static async Task InsertForEverAsync(Uri endpoint)
    {
        using var http = new HttpClient { BaseAddress = endpoint };
        await PostAsync(http, "CREATE TABLE IF NOT EXISTS acknowledged (n UInt64, s String) ENGINE = MergeTree ORDER BY n");
        for (long n = 0; ; n++)
        {
            await PostAsync(http, string.Create(CultureInfo.InvariantCulture, $"INSERT INTO acknowledged FORMAT TSV\n{n}\trow {n}\n"));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"inserted {n}"));
        }
    }

    private static async Task PostAsync(HttpClient http, string statement)
    {
        using var content = new StringContent(statement);
        using HttpResponseMessage answer = await http.PostAsync(new Uri("/", UriKind.Relative), content);
        answer.EnsureSuccessStatusCode();
    }
}
