using CfLogStream.ClickHouse.Embedded.Engine;
using CfLogStream.ClickHouse.Embedded.Tests;
using Microsoft.Extensions.Logging.Abstractions;

[assembly: AssemblyFixture(typeof(EmbeddedFixture))]

namespace CfLogStream.ClickHouse.Embedded.Tests;

/// <summary>The one engine of this test process: a process has one storage path.</summary>
public sealed class EmbeddedFixture : IAsyncLifetime
{
    public const string OwnerPassword = "owner's pass:wörd";
    public const string ReaderPassword = "reader";

    public EmbeddedClickHouse ClickHouse { get; private set; } = null!;

    public HttpClient Http { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        var options = new EmbeddedClickHouseOptions
        {
            Users =
            [
                new EmbeddedUser("default", "", ReadOnly: false),
                new EmbeddedUser("owner", OwnerPassword, ReadOnly: false),
                new EmbeddedUser("reader", ReaderPassword, ReadOnly: true),
            ],
        };
        ClickHouse = await EmbeddedClickHouse.StartAsync(options, TimeProvider.System, NullLogger.Instance, CancellationToken.None);
        Http = new HttpClient { BaseAddress = ClickHouse.Endpoint };
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await ClickHouse.DisposeAsync();
    }

    /// <summary>Waits until a statement with a text in it runs, or none does any more.</summary>
    public async Task WaitUntilAsync(string part, bool running)
    {
        // Past the HTTP interface, whose places may all be taken.
        using EngineConnection connection = ClickHouse.Engine.Open("");
        string probe = $"SELECT count() > 0 FROM system.processes WHERE query LIKE '%{part}%' AND query NOT LIKE '%system.processes%'";
        while (connection.QueryText(probe) != (running ? "1" : "0"))
        {
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Posts a statement and returns status and text of the answer.</summary>
    public async Task<(int Status, string Text)> PostAsync(string parameters, string statement)
    {
        using var content = new StringContent(statement);
        using HttpResponseMessage answer = await Http.PostAsync(new Uri("/" + parameters, UriKind.Relative), content);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }
}
