using System.Globalization;
using CfLogStream.Benchmarks.Peers;
using CfLogStream.Benchmarks.Results;

namespace CfLogStream.Benchmarks.Log;

/// <summary><c>log</c>: the two roles around the log beside ClickHouse's Kafka table engine, on the same messages of the same broker.</summary>
internal static class LogRun
{
    /// <summary>Returns 0 when everybody has counted every record.</summary>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, TextWriter output)
    {
        LogOptions options;
        try
        {
            options = LogOptions.Parse(arguments);
        }
        catch (ArgumentException problem)
        {
            await output.WriteLineAsync(problem.Message).ConfigureAwait(false);
            return 2;
        }

        string program = Programs.Product(options.Input.Program);
        (PeerInput input, _) = await PeerInput.PrepareAsync(options.Input, program, output).ConfigureAwait(false);
        (long requests, long events) = input.CountRecords();
        input.Warm();
        var rounds = new List<LogRound>();
        for (int round = 1; round <= options.Input.Rounds; round++)
        {
            rounds.Add(await RoundAsync(options, program, input, requests, events).ConfigureAwait(false));
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"round {round}: {rounds[^1]}")).ConfigureAwait(false);
        }

        var report = new LogReport
        {
            Options = options,
            Arguments = arguments,
            JsonBytes = input.StoredBytes,
            HttpRequests = requests,
            FirewallEvents = events,
            Machine = Machine.Read(),
            Rounds = rounds,
        };
        string text = LogTable.Write(report);
        await output.WriteLineAsync(text).ConfigureAwait(false);
        if (options.Input.Results is not "")
        {
            string path = Path.Combine(options.Input.Results ?? Path.Combine("benchmarks", "results", report.Machine.Folder), "log.md");
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await File.WriteAllTextAsync(path, text).ConfigureAwait(false);
            await output.WriteLineAsync($"Written to {path}.").ConfigureAwait(false);
        }

        return report.IsComplete ? 0 : 1;
    }

    private static async Task<LogRound> RoundAsync(LogOptions options, string program, PeerInput input, long requests, long events)
    {
        string folder = Path.GetFullPath(Path.Combine(options.Input.Data, "log"));
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        Directory.CreateDirectory(folder);
        using var broker = new LogBroker(options.Partitions);
        int messages = broker.Produce(input, options.MessageBytes);
        long sourceBytes = broker.StoredBytes(LogBroker.Requests, LogBroker.Events);
        (LogFigure peer, (long, long) peerCounted, string version) = await PeerAsync(broker, folder, requests, events).ConfigureAwait(false);

        string configuration = Configuration(broker);
        LogFigure ingest;
        int closing;
        using (var service = new ServeProcess(program, folder, "ingest", configuration))
        {
            const string Ingested = "cflogstream_ingest_records_total";
            await service.UntilAsync(Ingested, requests + events).ConfigureAwait(false);
            ingest = new LogFigure(service.WallSeconds, service.CpuSeconds);
            closing = broker.ProduceClosing();
            await service.UntilAsync(Ingested, requests + events + closing).ConfigureAwait(false);
            await service.EndAsync().ConfigureAwait(false);
        }

        long logBytes = broker.StoredBytes(LogBroker.Log);
        LogFigure process;
        using (var service = new ServeProcess(program, folder, "process", configuration))
        {
            await service.UntilAsync("cflogstream_process_records_received_total", requests + events + closing).ConfigureAwait(false);
            double cpu = await service.EndAsync().ConfigureAwait(false);
            process = new LogFigure(service.WallSeconds, cpu);
        }

        return new LogRound
        {
            Ingest = ingest,
            Process = process,
            Peer = peer,
            Messages = messages,
            SourceBytes = sourceBytes,
            LogBytes = logBytes,
            Ours = await CountsAsync(folder).ConfigureAwait(false),
            PeerCounted = peerCounted,
            PeerVersion = version,
        };
    }

    private static async Task<(LogFigure Figure, (long Requests, long Events) Counted, string Version)> PeerAsync(
        LogBroker broker, string folder, long requests, long events)
    {
        string[] answer = await ChildAsync(
            "peer-kafka-engine",
            broker.BootstrapServers,
            Path.Combine(folder, "peer"),
            requests.ToString(CultureInfo.InvariantCulture),
            events.ToString(CultureInfo.InvariantCulture)).ConfigureAwait(false);
        return (
            new LogFigure(double.Parse(answer[2], CultureInfo.InvariantCulture), double.Parse(answer[3], CultureInfo.InvariantCulture)),
            (long.Parse(answer[0], CultureInfo.InvariantCulture), long.Parse(answer[1], CultureInfo.InvariantCulture)),
            answer[4].Trim());
    }

    /// <summary>Asks the tables that the process role has left, by an engine of its own, what they have counted; without the closing
    /// records, whose own windows are still open.</summary>
    private static async Task<(long Received, long Counted, long Duplicates)> CountsAsync(string folder)
    {
        string sql = string.Create(
            CultureInfo.InvariantCulture,
            $"SELECT sum(received), sum(counted), sum(duplicates) FROM cflogstream.quality_1m FINAL WHERE window < toDateTime({ClosingRecords.Time.ToUnixTimeSeconds()})");
        string[] answer = await ChildAsync("peer-clickhouse-query", Path.Combine(folder, "ours", "engine"), sql).ConfigureAwait(false);
        long[] counts = [.. answer.Select(value => long.Parse(value, CultureInfo.InvariantCulture))];
        return (counts[0], counts[1], counts[2]);
    }

    private static async Task<string[]> ChildAsync(params string[] arguments)
    {
        (string program, string[] all) = Programs.This(arguments);
        MeasuredProcess run = await MeasuredProcess.RunAsync(program, all).ConfigureAwait(false);
        return run.ExitCode == 0
            ? run.Output.Split('\t', StringSplitOptions.TrimEntries)
            : throw new InvalidOperationException($"{arguments[0]} failed with exit code {run.ExitCode}: {run.Output}{run.Error}");
    }

    private static string Configuration(LogBroker broker) =>
        $"""
        kafka:
          bootstrap_servers: {broker.BootstrapServers}
          topic: {LogBroker.Log}
        ingest:
          topics: [{LogBroker.Requests}, {LogBroker.Events}]
        """;
}
