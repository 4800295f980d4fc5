namespace CfLogStream.ClickHouse.Embedded.Tests;

public sealed class CancellationTests(EmbeddedFixture fixture)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("SELECT count() FROM numbers(1000000000000) WHERE sipHash64(number) = 1 FORMAT TSV")]
    [InlineData("SELECT count() FROM numbers(1000000000000) WHERE sipHash64(number) = 1 FORMAT JSON")]
    [InlineData("SELECT sleepEachRow(0.5) FROM numbers(10000) SETTINGS max_block_size = 1")]
    [InlineData("SELECT number FROM system.numbers FORMAT RowBinary")]
    [InlineData("INSERT INTO FUNCTION null('n UInt64') SELECT sipHash64(number) FROM numbers(1000000000000)")]
    [InlineData("CREATE TABLE cancelled ENGINE = Memory AS SELECT sipHash64(number) AS n FROM numbers(1000000000000) WHERE n = 1")]
    public async Task Client_GoesAway_EndsTheStatement(string statement)
    {
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(Token);
        using var content = new StringContent(statement + " -- cancelled_statement");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/") { Content = content };
        Task<HttpResponseMessage> run = fixture.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation.Token);
        await fixture.WaitUntilAsync("cancelled_statement", running: true);
        await cancellation.CancelAsync();
        try
        {
            // When headers had come, dropping the answer breaks the connection.
            using HttpResponseMessage answer = await run;
        }
        catch (OperationCanceledException)
        {
        }

        await fixture.WaitUntilAsync("cancelled_statement", running: false);
        await fixture.PostAsync("", "DROP TABLE IF EXISTS cancelled");
    }

    [Fact]
    public async Task Client_GoesAwayWhileWaitingForAPlace_LeavesNothing()
    {
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var contents = new List<StringContent>();
        var runs = new List<Task>();
        for (int i = 0; i < 24; i++)
        {
            var content = new StringContent("SELECT sleepEachRow(0.2) FROM numbers(1000) SETTINGS max_block_size = 1 -- waiting_statement");
            contents.Add(content);
            runs.Add(fixture.Http.PostAsync(new Uri("/", UriKind.Relative), content, cancellation.Token));
        }

        await fixture.WaitUntilAsync("waiting_statement", running: true);
        await cancellation.CancelAsync();
        foreach (Task run in runs)
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        }

        contents.ForEach(content => content.Dispose());
        await fixture.WaitUntilAsync("waiting_statement", running: false);
    }
}
