using System.Globalization;
using CfLogStream.Benchmarks.Results;

namespace CfLogStream.Benchmarks.Peers;

/// <summary><c>peers</c>: generates uploads once, asks every engine the same in turn, compares the answers.</summary>
internal static class PeerRun
{
    /// <summary>Returns 0 when every engine answered, and all the same.</summary>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, TextWriter output)
    {
        PeerOptions options;
        try
        {
            options = PeerOptions.Parse(arguments);
        }
        catch (ArgumentException problem)
        {
            await output.WriteLineAsync(problem.Message).ConfigureAwait(false);
            return 2;
        }

        string program = Programs.Product(options.Program);
        (PeerInput plain, PeerInput gzip) = await PeerInput.PrepareAsync(options, program, output).ConfigureAwait(false);
        (long requests, long events) = plain.CountRecords();
        var report = new PeerReport
        {
            Options = options,
            Arguments = arguments,
            JsonBytes = plain.StoredBytes,
            GzipBytes = gzip.StoredBytes,
            HttpRequests = requests,
            FirewallEvents = events,
            Files = plain.Files.Count,
            Machine = Machine.Read(),
            Plain = options.Plain ? await AskAsync(plain, options, program, output).ConfigureAwait(false) : [],
            Gzip = options.Gzip ? await AskAsync(gzip, options, program, output).ConfigureAwait(false) : [],
        };

        await output.WriteLineAsync(PeerTable.Summary(report)).ConfigureAwait(false);
        if (options.Results is not "")
        {
            string path = report.ResultsPath;
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await File.WriteAllTextAsync(path, PeerTable.Write(report, plain.Folder)).ConfigureAwait(false);
            await output.WriteLineAsync($"Written to {path}; 'readme {path}' puts its table into the README.").ConfigureAwait(false);
        }

        return report.Agree ? 0 : 1;
    }

    private static async Task<IReadOnlyList<PeerResult>> AskAsync(PeerInput input, PeerOptions options, string program, TextWriter output)
    {
        IReadOnlyList<Peer> peers = Peer.Of(input, program);
        PeerResult[] results = [.. peers.Select(peer => new PeerResult(peer.Name))];
        input.Warm();
        for (int round = 1 - options.WarmUp; round <= options.Rounds; round++)
        {
            for (int turn = 0; turn < peers.Count; turn++)
            {
                // Each round begins with another one, so that nobody always comes after the same neighbour.
                int index = (turn + round + options.WarmUp) % peers.Count;
                Peer peer = peers[index];
                MeasuredProcess run = await MeasuredProcess.RunAsync(peer.Program, peer.Arguments).ConfigureAwait(false);
                string when = $"{(input.IsGzip ? "gzip " : "plain")} {(round < 1 ? "warm-up" : $"round {round}"),-8}";
                await output.WriteLineAsync($"{when} {peer.Name,-50} {Text(run)}").ConfigureAwait(false);
                if (run.ExitCode != 0)
                {
                    throw new InvalidOperationException($"{peer.Name} failed with exit code {run.ExitCode}: {run.Output}{run.Error}");
                }

                if (round > 0)
                {
                    results[index].Add(run, peer.Read(run.Output));
                }
            }
        }

        return results;
    }

    private static string Text(MeasuredProcess run) => string.Create(
        CultureInfo.InvariantCulture,
        $"{run.WallSeconds,7:0.00} s {run.CpuSeconds,7:0.00} CPU-s {run.PeakBytes / 1e6,7:0} MB  exit {run.ExitCode}");
}
