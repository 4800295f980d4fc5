using System.Globalization;
using System.Runtime.InteropServices;

namespace CfLogStream.Benchmarks.Peers;

/// <summary>One command: generates uploads once, asks the same of each engine in turn, and prints time, CPU, memory and ratios.</summary>
internal static class PeerRun
{
    private const int Rounds = 3;

    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, TextWriter output)
    {
        long bytes = arguments.Count > 0 ? long.Parse(arguments[0], CultureInfo.InvariantCulture) : 1_000_000_000;
        string program = Path.Combine(AppContext.BaseDirectory, "cflogstream");
        string folder = Path.GetFullPath(Path.Combine("artifacts", "peer-data", bytes.ToString(CultureInfo.InvariantCulture)));
        if (!File.Exists(Path.Combine(folder, "ledger.ndjson")))
        {
            MeasuredProcess generated = await MeasuredProcess.RunAsync(
                program,
                ["generate", "--scenario", "custom-rule-hits-api", "--seed", "1", "--bytes", bytes.ToString(CultureInfo.InvariantCulture),
                    "--plain", "--out", folder]).ConfigureAwait(false);
            if (generated.ExitCode != 0)
            {
                return generated.ExitCode;
            }
        }

        long size = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Where(file => Path.GetFileName(file) != "ledger.ndjson").Sum(file => new FileInfo(file).Length);
        await output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"{size / 1e9:0.000} GB of NDJSON; {Environment.ProcessorCount} cores; {RuntimeInformation.FrameworkDescription}; {RuntimeInformation.OSDescription}")).ConfigureAwait(false);
        (string Name, string Program, string[] Arguments)[] peers =
        [
            ("cflogstream analyze", program, ["analyze", folder, "--data", ":memory:", "--format", "json"]),
            ("ClickHouse file() in libchdb", Environment.ProcessPath!, ["peer-clickhouse", folder]),
        ];
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
        {
            peers[1].Arguments = [typeof(PeerRun).Assembly.Location, .. peers[1].Arguments];
        }

        var walls = new List<double>[peers.Length];
        for (int round = 0; round < Rounds; round++)
        {
            for (int i = 0; i < peers.Length; i++)
            {
                MeasuredProcess run = await MeasuredProcess.RunAsync(peers[i].Program, peers[i].Arguments).ConfigureAwait(false);
                (walls[i] ??= []).Add(run.WallSeconds);
                await output.WriteLineAsync(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{peers[i].Name,-32} {run.WallSeconds,7:0.00} s  {run.CpuSeconds,7:0.00} CPU-s  {size / 1e9 / run.WallSeconds,6:0.00} GB/s  {run.PeakBytes / 1e6,7:0} MB peak  exit {run.ExitCode}")).ConfigureAwait(false);
                if (run.ExitCode != 0)
                {
                    await output.WriteLineAsync(run.Output).ConfigureAwait(false);
                    return 1;
                }
            }
        }

        double ours = Median(walls[0]);
        for (int i = 1; i < peers.Length; i++)
        {
            await output.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"{peers[0].Name} is {Median(walls[i]) / ours:0.00} x as fast as {peers[i].Name} (medians of {Rounds})")).ConfigureAwait(false);
        }

        return 0;
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
