using System.Diagnostics;
using System.Globalization;
using CfLogStream.Benchmarks.Log;
using CfLogStream.Benchmarks.Peers;
using CfLogStream.Benchmarks.Results;

namespace CfLogStream.Benchmarks.Receive;

/// <summary><c>receive</c>: uploads to the spool and to rows, beside a bare endpoint that inflates them, and <c>analyze</c>.</summary>
internal sealed class ReceiveRun
{
    private readonly ReceiveOptions _options;
    private readonly string _program;
    private readonly PeerInput _input;
    private readonly UploadLoad _load;
    private readonly string _folder;
    private string _clickhouse = "";

    private ReceiveRun(ReceiveOptions options, string program, PeerInput input)
    {
        _options = options;
        _program = program;
        _input = input;
        _load = UploadLoad.Read(input);
        _folder = Path.GetFullPath(Path.Combine(options.Input.Data, "receive"));
    }

    /// <summary>Returns 0 when everything that was acknowledged is there, once.</summary>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, TextWriter output)
    {
        ReceiveOptions options;
        try
        {
            options = ReceiveOptions.Parse(arguments);
        }
        catch (ArgumentException problem)
        {
            await output.WriteLineAsync(problem.Message).ConfigureAwait(false);
            return 2;
        }

        string program = Programs.Product(options.Input.Program);
        (_, PeerInput gzip) = await PeerInput.PrepareAsync(options.Input, program, output).ConfigureAwait(false);
        var run = new ReceiveRun(options, program, gzip);
        var rounds = new List<ReceiveRound>();
        for (int round = 1; round <= options.Input.Rounds; round++)
        {
            rounds.Add(await run.RoundAsync(round, output).ConfigureAwait(false));
        }

        var report = new ReceiveReport
        {
            Options = options,
            Arguments = arguments,
            Load = run._load,
            GzipBytes = gzip.StoredBytes,
            Machine = Machine.Read(),
            ClickHouse = run._clickhouse,
            Rounds = rounds,
        };
        await WriteAsync(report, output).ConfigureAwait(false);
        return report.IsComplete ? 0 : 1;
    }

    private static async Task WriteAsync(ReceiveReport report, TextWriter output)
    {
        string text = ReceiveTable.Write(report);
        await output.WriteLineAsync(text).ConfigureAwait(false);
        if (report.Options.Input.Results is not "")
        {
            string path = Path.Combine(
                report.Options.Input.Results ?? Path.Combine("benchmarks", "results", report.Machine.Folder), "receive.md");
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await File.WriteAllTextAsync(path, text).ConfigureAwait(false);
            await output.WriteLineAsync($"Written to {path}.").ConfigureAwait(false);
        }

        foreach (string difference in report.Differences)
        {
            await output.WriteLineAsync(difference).ConfigureAwait(false);
        }
    }

    private async Task<ReceiveRound> RoundAsync(int round, TextWriter output)
    {
        _input.Warm();
        (ReceiveFigure floor, LoadResult floorLoad) = await FloorAsync().ConfigureAwait(false);
        await SayAsync("floor", floor).ConfigureAwait(false);
        (ReceiveFigure acknowledge, LoadResult acknowledgeLoad, long spooled) = await AcknowledgeAsync().ConfigureAwait(false);
        await SayAsync("acknowledge", acknowledge).ConfigureAwait(false);
        (ReceiveFigure endToEnd, LoadResult endToEndLoad, StoredRecords stored) = await EndToEndAsync().ConfigureAwait(false);
        await SayAsync("end to end", endToEnd).ConfigureAwait(false);
        ReceiveFigure analyze = await AnalyzeAsync().ConfigureAwait(false);
        await SayAsync("analyze", analyze).ConfigureAwait(false);
        FreshnessFigure freshness = await FreshnessAsync(_load.Records / endToEnd.WallSeconds / 2).ConfigureAwait(false);
        await output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"round {round} {"freshness",-12} {freshness.VisibleMs.Count} probes seen, {freshness.Missing} missing")).ConfigureAwait(false);
        return new ReceiveRound
        {
            Floor = floor,
            Acknowledge = acknowledge,
            EndToEnd = endToEnd,
            Analyze = analyze,
            FloorLoad = floorLoad,
            AcknowledgeLoad = acknowledgeLoad,
            EndToEndLoad = endToEndLoad,
            Spooled = spooled,
            Stored = stored,
            Freshness = freshness,
        };

        Task SayAsync(string what, ReceiveFigure figure) => output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"round {round} {what,-12} {figure.WallSeconds,7:0.00} s {figure.CpuSeconds,7:0.00} CPU-s {figure.PeakBytes / 1e6,7:0} MB"));
    }

    private async Task<(ReceiveFigure Figure, LoadResult Load)> FloorAsync()
    {
        using FloorProcess floor = await FloorProcess.StartAsync().ConfigureAwait(false);
        using var sender = new UploadSender(floor.Endpoint, _options.Senders);
        double start = floor.CpuSeconds;
        LoadResult result = await sender.SendAsync(_load, _options.Senders).ConfigureAwait(false);
        return (new ReceiveFigure(result.WallSeconds, floor.CpuSeconds, start, floor.PeakBytes), result);
    }

    private async Task<(ReceiveFigure Figure, LoadResult Load, long Spooled)> AcknowledgeAsync()
    {
        using StandaloneService service = await StartAsync("acknowledge", hasClickHouse: false).ConfigureAwait(false);
        using UploadSender sender = service.Sender(_options.Senders);
        double start = service.CpuSeconds;
        LoadResult result = await sender.SendAsync(_load, _options.Senders).ConfigureAwait(false);
        var figure = new ReceiveFigure(result.WallSeconds, service.CpuSeconds, start, service.PeakBytes);
        long spooled = await service.IngestedAsync().ConfigureAwait(false);
        await service.EndAsync().ConfigureAwait(false);
        return (figure, result, spooled);
    }

    private async Task<(ReceiveFigure Figure, LoadResult Load, StoredRecords Stored)> EndToEndAsync()
    {
        using StandaloneService service = await StartAsync("end-to-end", hasClickHouse: true).ConfigureAwait(false);
        using UploadSender sender = service.Sender(_options.Senders);
        _clickhouse = (await service.QueryAsync("SELECT version()").ConfigureAwait(false)).Trim();
        double start = service.CpuSeconds;
        var clock = Stopwatch.StartNew();
        LoadResult result = await sender.SendAsync(_load, _options.Senders).ConfigureAwait(false);
        await CloseAsync(service, sender, _load.Distinct).ConfigureAwait(false);
        var figure = new ReceiveFigure(clock.Elapsed.TotalSeconds, service.CpuSeconds, start, service.PeakBytes);
        StoredRecords stored = await service.CountsAsync().ConfigureAwait(false);
        await service.EndAsync().ConfigureAwait(false);
        return (figure, result, stored);
    }

    private async Task<ReceiveFigure> AnalyzeAsync()
    {
        MeasuredProcess run = await MeasuredProcess.RunAsync(
            _program, ["analyze", .. _input.Datasets, "--data", ":memory:", "--format", "json"]).ConfigureAwait(false);
        return run.ExitCode == 0
            ? new ReceiveFigure(run.WallSeconds, run.CpuSeconds, 0, run.PeakBytes)
            : throw new InvalidOperationException($"analyze failed with exit code {run.ExitCode}: {run.Error}");
    }

    private async Task<FreshnessFigure> FreshnessAsync(double recordsPerSecond)
    {
        using StandaloneService service = await StartAsync("freshness", hasClickHouse: true).ConfigureAwait(false);
        using UploadSender sender = service.Sender(_options.Senders);
        var probes = new Probes(service, sender, _load.Uploads[0].End);
        Task<LoadResult> load = sender.SendAsync(_load, _options.Senders, recordsPerSecond, probes.Advance);
        await probes.RunAsync(load).ConfigureAwait(false);
        LoadResult result = await load.ConfigureAwait(false);
        await CloseAsync(service, sender, _load.Distinct + probes.Count).ConfigureAwait(false);
        StoredRecords stored = await service.CountsAsync().ConfigureAwait(false);
        await service.EndAsync().ConfigureAwait(false);
        return new FreshnessFigure
        {
            RecordsPerSecond = recordsPerSecond,
            VisibleMs = probes.VisibleMs,
            AcknowledgedMs = result.AcknowledgedMs,
            Missing = probes.Count - probes.VisibleMs.Count,
            Stored = stored,
        };
    }

    /// <summary>Ends all windows, so that no record waits for another one any more; waits until the tables have all.</summary>
    private static async Task CloseAsync(StandaloneService service, UploadSender sender, long records)
    {
        await sender.SendAsync(ClosingRecords.Make(StandaloneService.ClosingRecordCount), isGzip: false).ConfigureAwait(false);
        await service.ProcessedAsync(records + StandaloneService.ClosingRecordCount).ConfigureAwait(false);
    }

    private Task<StandaloneService> StartAsync(string what, bool hasClickHouse) =>
        StandaloneService.StartAsync(_program, Path.Combine(_folder, what), _load, hasClickHouse);
}
