using CfLogStream.EndToEnd.Tests.Support;

namespace CfLogStream.EndToEnd.Tests.Log;

/// <summary>The disk below the engine inside the service is full: the log waits, the service lives, and goes on when there is room.</summary>
public sealed class DiskFullTests(EngineFixture engine)
{
    [Fact(Explicit = true)]
    public async Task Disk_FullForAWhile_NothingIsLostAndMemoryStaysFlat()
    {
        using SmallDisk disk = SmallDisk.Mount(256);
        await using LogCluster cluster = LogCluster.Start(engine);
        ServiceProcess ingest = cluster.Serve("ingest");
        ServiceProcess process = cluster.Serve("process", null, new ServiceSettings
        {
            DataFolder = disk.Path,
            QueueBytes = 1_048_576,
            Properties = ["queued.max.messages.kbytes=1024"],
        });
        await process.UntilSaidAsync("The role process reads");
        var resident = new List<long>();
        long records = 0;
        for (ulong segment = 0; segment < 4; segment++)
        {
            await cluster.GenerateAsync("custom-rule-hits-api", 110 + segment, 2_000, TimeSpan.FromHours(2));
            records += 2_000;
            await cluster.ProduceUploadsAsync(async _ =>
            {
                await Task.Delay(20, TestContext.Current.CancellationToken);
                disk.Fill();
                resident.Add(process.ResidentBytes);
            });
        }

        await process.UntilSaidAsync("waits for somebody to act; nothing is dropped", 3);
        resident.Add(process.ResidentBytes);
        Assert.Matches("NOT_ENOUGH_SPACE|No space left", process.Stderr);
        Assert.False(process.HasExited, process.Stderr);
        long atFirst = resident.Skip(resident.Count / 3).Take(resident.Count / 3).Max();
        long atLast = resident.Skip(resident.Count * 2 / 3).Max();
        Assert.True(atLast < atFirst + (64L << 20), $"{atFirst >> 20} MB, then {atLast >> 20} MB");

        disk.Free();
        await cluster.CloseAsync();
        await cluster.UntilReadAsync("cflogstream", await cluster.UntilLogIsAsync(records));
        Assert.False(process.HasExited, process.Stderr);
        foreach (ServiceProcess service in (ServiceProcess[])[ingest, process])
        {
            service.Terminate();
            Assert.True(await service.WaitAsync(TimeSpan.FromSeconds(60)) == 0, service.Stderr);
        }

        await cluster.ImportAsync(disk.Path);
        await cluster.ExpectOracleAsync();
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{process.Said("nothing is dropped")} inserts waited; at most {atFirst >> 20} MB, at last {atLast >> 20} MB; {records} records");
    }
}
