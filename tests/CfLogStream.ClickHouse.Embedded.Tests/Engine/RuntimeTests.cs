using System.Diagnostics;
using CfLogStream.ClickHouse.Embedded.Engine;

namespace CfLogStream.ClickHouse.Embedded.Tests.Engine;

public sealed class RuntimeTests(EmbeddedFixture fixture)
{
    [Fact]
    public async Task Engine_Running_GarbageCollectionStillStopsBusyThreads()
    {
        Assert.Equal((200, "1\n"), await fixture.PostAsync("", "SELECT 1"));
        using var started = new ManualResetEventSlim();
        bool stop = false;
        long turns = 0;
        var busy = new Thread(() =>
        {
            started.Set();

            // No call, so no place where the runtime could stop the thread without its signal.
            long count = 0;
            while (!Volatile.Read(ref stop))
            {
                count++;
            }

            turns = count;
        });
        busy.Start();
        started.Wait(TestContext.Current.CancellationToken);
        Task collection = Task.Run(static () => GC.Collect(), TestContext.Current.CancellationToken);
        Task first = await Task.WhenAny(collection, Task.Delay(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken));
        Volatile.Write(ref stop, true);
        busy.Join();
        Assert.Same(collection, first);
        Assert.True(turns > 0);
    }

    [Theory]
    [InlineData("SELECT 1", 0u, 1u)]
    [InlineData("SELECT 1; SELECT 2", 0u, 2u)]
    [InlineData("INSERT INTO t SELECT 1", 1u, 1u)]
    [InlineData("CREATE FUNCTION f AS x -> x", 2u, 1u)]
    [InlineData("SELECT 1 INTO OUTFILE '/tmp/x'", 3u, 1u)]
    [InlineData("SELEC 1", 4u, 0u)]
    public void Classify_Statement_SaysWhatItWouldDo(string statement, uint expectedClass, uint expectedCount)
    {
        using EngineConnection connection = fixture.ClickHouse.Engine.Open("");
        LibChdb.QueryAnalysis analysis = connection.Classify(System.Text.Encoding.UTF8.GetBytes(statement));
        Assert.Equal((expectedClass, expectedCount), (analysis.QueryClass, analysis.StatementCount));
    }

    [Fact]
    public void Version_IsTheReviewedOne()
    {
        // ReaderRules lists the functions of this version that reach outside; review system.functions when it changes.
        Assert.Equal("26.7.2.1", fixture.ClickHouse.Version);
        using EngineConnection connection = fixture.ClickHouse.Engine.Open("");
        Assert.Equal(
            "aiClassify,aiEmbed,aiExtract,aiGenerate,aiTranslate,catboostEvaluate,file,generateSerialID,naiveBayesClassifier,"
            + "naiveBayesClassifierWithAllProbs,naiveBayesClassifierWithProb,showCertificate,zookeeperSessionUptime",
            connection.QueryText(
                "SELECT arrayStringConcat(arraySort(groupUniqArray(name)), ',') FROM system.functions WHERE alias_to = '' AND match(name, "
                + "'^(ai[A-Z]|.*(file|File|catboost|SerialID|Bayes.*Class|Certificate|zookeeper|http|Http|executable|dns|DNS))') "
                + "AND NOT match(name, 'filesystem|Profile|getClientHTTPHeader')"));
    }
}
