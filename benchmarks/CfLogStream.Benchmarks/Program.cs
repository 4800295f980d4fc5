using BenchmarkDotNet.Running;
using CfLogStream.Benchmarks.Peers;
using CfLogStream.Benchmarks.Results;

return args switch
{
    ["peers", .. string[] rest] => await PeerRun.RunAsync(rest, Console.Out).ConfigureAwait(false),
    ["readme", .. string[] files] => await ReadmeCommand.RunAsync(files, Console.Out).ConfigureAwait(false),

    // Peers in processes of their own.
    ["peer-clickhouse", string form, string folder] => ClickHousePeer.Run(form, folder, Console.Out),
    ["peer-duckdb", string folder] => DuckDbPeer.Run(folder, Console.Out),
    ["peer-inflate", string folder] => InflatePeer.Run(folder, Console.Out),
    _ => BenchmarkSwitcher.FromAssembly(typeof(PeerRun).Assembly).Run(args).Any() ? 0 : 1,
};
