namespace CfLogStream.Benchmarks.Peers;

/// <summary>The columns that the question needs of each dataset, and nothing else, with their types in both engines.</summary>
internal static class PeerColumns
{
    public static readonly (string Name, string ClickHouse, string DuckDb)[] Requests =
    [
        ("RayID", "FixedString(16)", "VARCHAR"),
        ("EdgeStartTimestamp", "UInt64", "BIGINT"),
        ("ZoneName", "String", "VARCHAR"),
        ("ClientRequestHost", "String", "VARCHAR"),
        ("ClientRequestMethod", "String", "VARCHAR"),
        ("ClientRequestUserAgent", "String", "VARCHAR"),
        ("ClientIP", "String", "VARCHAR"),
        ("ClientRequestSource", "String", "VARCHAR"),
        ("EdgeResponseStatus", "UInt16", "USMALLINT"),
        ("OriginResponseStatus", "UInt16", "USMALLINT"),
        ("EdgeResponseBytes", "UInt64", "UBIGINT"),
        ("SecurityAction", "String", "VARCHAR"),
        ("WorkerSubrequest", "Bool", "BOOLEAN"),
    ];

    public static readonly (string Name, string ClickHouse, string DuckDb)[] Events =
    [
        ("RayID", "FixedString(16)", "VARCHAR"),
        ("Source", "String", "VARCHAR"),
        ("Action", "String", "VARCHAR"),
        ("RuleID", "String", "VARCHAR"),
        ("MatchIndex", "Int32", "INTEGER"),
        ("OriginatorRayID", "String", "VARCHAR"),
    ];
}
