using BenchmarkDotNet.Running;
using CfLogStream.Benchmarks.Peers;

return args is ["peers", .. string[] rest]
    ? await PeerRun.RunAsync(rest, Console.Out).ConfigureAwait(false)
    : args is ["peer-clickhouse", string folder]
        ? ClickHousePeer.Run(folder, Console.Out)
        : BenchmarkSwitcher.FromAssembly(typeof(PeerRun).Assembly).Run(args).Any() ? 0 : 1;
