using CfLogStream.Benchmarks.Peers;

namespace CfLogStream.Benchmarks.Tests.Peers;

public sealed class AnswerComparisonTests
{
    private static readonly PeerAnswer s_sql = new(1000, 20, 21, 5_000_000, 70, 60);

    [Fact]
    public void Differences_SameWhereBothKnow_AreNone() =>
        Assert.Empty(AnswerComparison.Differences(
            [("ours", new PeerAnswer(1000, 20, 21)), ("DuckDB", s_sql), ("inflating", new PeerAnswer(Inflated: 9))]));

    [Fact]
    public void Differences_OneQuantity_IsNamedWithEveryEngine()
    {
        IReadOnlyList<string> differences = AnswerComparison.Differences(
            [("ours", new PeerAnswer(1000, 19, 21)), ("DuckDB", s_sql), ("ClickHouse", s_sql with { Groups = 61 })]);

        Assert.Equal(
            [
                "The engines differ in lost: ours: 19; DuckDB: 20; ClickHouse: 20.",
                "The engines differ in groups: DuckDB: 60; ClickHouse: 61.",
            ],
            differences);
    }

    [Fact]
    public void Differences_NothingToCompare_IsRefused() =>
        Assert.Throws<ArgumentException>(
            () => AnswerComparison.Differences([("ours", new PeerAnswer(1)), ("inflating", new PeerAnswer(Inflated: 1))]));

    [Fact]
    public void Answer_Json_IsReadAsWritten()
    {
        PeerAnswer answer = s_sql with { Seconds = 0.25, Version = "DuckDB v1" };
        Assert.Equal(answer, PeerAnswer.Parse(answer.ToJson()));
    }

    [Fact]
    public void Answer_Report_GivesItsTotals() =>
        Assert.Equal(
            new PeerAnswer(7, 2, 3),
            PeerAnswer.FromReport("""{"format_version":1,"totals":{"requests":7,"lost":2,"lost_on_apis":2,"edge_errors":3}}"""));
}
