using BenchmarkDotNet.Running;
using CfLogStream.Benchmarks.Insight;
using CfLogStream.Benchmarks.Judge;
using CfLogStream.Benchmarks.Layers;
using CfLogStream.Benchmarks.Log;
using CfLogStream.Benchmarks.Peers;
using CfLogStream.Benchmarks.Receive;
using CfLogStream.Benchmarks.Results;

return args switch
{
    ["peers", .. string[] rest] => await PeerRun.RunAsync(rest, Console.Out).ConfigureAwait(false),
    ["log", .. string[] rest] => await LogRun.RunAsync(rest, Console.Out).ConfigureAwait(false),
    ["insight", .. string[] rest] => await InsightRun.RunAsync(rest, Console.Out).ConfigureAwait(false),
    ["judge", .. string[] rest] => await JudgeRun.RunAsync(rest, Console.Out).ConfigureAwait(false),
    ["receive", .. string[] rest] => await ReceiveRun.RunAsync(rest, Console.Out).ConfigureAwait(false),
    ["quick", .. string[] rest] => QuickRun.Run(rest, Console.Out),
    ["readme", .. string[] files] => await ReadmeCommand.RunAsync(files, Console.Out).ConfigureAwait(false),

    // Peers in processes of their own.
    ["peer-clickhouse", string form, string folder] => ClickHousePeer.Run(form, folder, Console.Out),
    ["peer-kafka-engine", string brokers, string folder, string requests, string events] =>
        await KafkaEnginePeer.RunAsync(brokers, folder, requests, events, Console.Out).ConfigureAwait(false),
    ["peer-clickhouse-query", string folder, string sql] => KafkaEnginePeer.Query(folder, sql, Console.Out),
    ["peer-duckdb", string folder] => DuckDbPeer.Run(folder, Console.Out),
    ["peer-inflate", string folder] => InflatePeer.Run(folder, Console.Out),
    [FloorProcess.Verb] => await FloorServer.RunAsync(Console.In, Console.Out).ConfigureAwait(false),
    _ => BenchmarkSwitcher.FromAssembly(typeof(PeerRun).Assembly).Run(args, new LayerConfig()).Any() ? 0 : 1,
};
