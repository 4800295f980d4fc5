using System.Diagnostics;

namespace CfLogStream.ClickHouse.Embedded.Tests;

/// <summary>The official client for Node (@clickhouse/client); the build fetches it with npm.</summary>
public sealed class NodeClientTests(EmbeddedFixture fixture)
{
    [Fact]
    public async Task NodeClient_DdlInsertQueryStreamErrorAbort_Work()
    {
        var start = new ProcessStartInfo("node", [Path.Combine(Folder(), "client.mjs")])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["CLICKHOUSE_URL"] = fixture.ClickHouse.Endpoint.ToString();
        start.Environment["CLICKHOUSE_PASSWORD"] = EmbeddedFixture.OwnerPassword;
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, await errors);
        Assert.Equal("all good\n", output);
        await fixture.WaitUntilAsync("node_aborted", running: false);
    }

    // The scripts stay in the source tree, where npm put the client.
    private static string Folder() =>
        typeof(NodeClientTests).Assembly.GetCustomAttributes(typeof(System.Reflection.AssemblyMetadataAttribute), inherit: false)
            .Cast<System.Reflection.AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "NodeFolder").Value!;
}
