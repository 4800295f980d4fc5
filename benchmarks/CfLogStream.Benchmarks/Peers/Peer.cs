namespace CfLogStream.Benchmarks.Peers;

/// <summary>Somebody who is asked the question: a name for the tables, a program with its arguments, and how its answer is read.</summary>
internal sealed record Peer(string Name, string Program, IReadOnlyList<string> Arguments, Func<string, PeerAnswer> Read)
{
    public const string Ours = "cflogstream analyze";
    public const string Inflate = "inflating alone (.NET GZipStream)";

    /// <summary>Everybody who is asked about some files, ours first.</summary>
    public static IReadOnlyList<Peer> Of(PeerInput input, string program) =>
    [
        new(Ours, program, ["analyze", .. input.Datasets, "--data", ":memory:", "--format", "json"], PeerAnswer.FromReport),
        Child("DuckDB read_json", "peer-duckdb", input.Folder),
        Child("ClickHouse file(JSONEachRow)", "peer-clickhouse", nameof(ClickHouseForm.JsonEachRow), input.Folder),
        Child("ClickHouse file(JSONAsString), JSONExtract", "peer-clickhouse", nameof(ClickHouseForm.JsonExtract), input.Folder),
        Child("ClickHouse file(LineAsString), simpleJSONExtract", "peer-clickhouse", nameof(ClickHouseForm.SimpleJson), input.Folder),
        .. input.IsGzip ? (Peer[])[Child(Inflate, "peer-inflate", input.Folder)] : [],
    ];

    /// <summary>A peer that this program is, in a process of its own.</summary>
    private static Peer Child(string name, params string[] arguments)
    {
        (string program, string[] all) = Programs.This(arguments);
        return new Peer(name, program, all, PeerAnswer.Parse);
    }
}
