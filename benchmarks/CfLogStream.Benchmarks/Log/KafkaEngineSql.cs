using CfLogStream.Benchmarks.Peers;

namespace CfLogStream.Benchmarks.Log;

/// <summary>The statements that make ClickHouse read the same two topics into aggregates per minute.</summary>
/// <remarks>
/// Two consumers for the requests, one for the events, each with a thread of its own, so that both cores are used. Blocks are inserted every half
/// second instead of every 7.5 s; a run this short would otherwise mostly wait for the last one.
/// </remarks>
internal static class KafkaEngineSql
{
    private const string Settings =
        "kafka_format = 'JSONEachRow', kafka_thread_per_consumer = 1, kafka_flush_interval_ms = 500";

    // What the views use and nothing else: fields that are no column are skipped.
    private static readonly string[] s_requests =
    [
        .. PeerColumns.Requests.Where(column => column.Name is not ("RayID" or "ClientRequestSource" or "WorkerSubrequest"))
            .Select(column => $"{column.Name} {column.ClickHouse}"),
    ];

    private static readonly string[] s_events = ["Datetime UInt64", "Source String", "Action String", "RuleID String"];

    public static IReadOnlyList<string> Statements(string brokers) =>
    [
        "CREATE DATABASE log",
        Topic("requests", LogBroker.Requests, brokers, consumers: 2, s_requests),
        Topic("events", LogBroker.Events, brokers, consumers: 1, s_events),
        """
        CREATE TABLE log.requests_1m (
            minute UInt32, ZoneName LowCardinality(String), ClientRequestHost LowCardinality(String), ClientRequestMethod LowCardinality(String),
            ClientRequestUserAgent String, requests SimpleAggregateFunction(sum, UInt64), stopped SimpleAggregateFunction(sum, UInt64),
            edge_errors SimpleAggregateFunction(sum, UInt64), bytes SimpleAggregateFunction(sum, UInt64),
            callers AggregateFunction(uniqCombined64, String))
        ENGINE = AggregatingMergeTree
        ORDER BY (ZoneName, ClientRequestHost, minute, ClientRequestMethod, ClientRequestUserAgent)
        """,
        """
        CREATE TABLE log.events_1m (
            minute UInt32, Source LowCardinality(String), Action LowCardinality(String), RuleID String, events UInt64)
        ENGINE = SummingMergeTree
        ORDER BY (Source, RuleID, Action, minute)
        """,
        """
        CREATE MATERIALIZED VIEW log.requests_view TO log.requests_1m AS
        SELECT intDiv(EdgeStartTimestamp, 60000000000) AS minute, ZoneName, ClientRequestHost, ClientRequestMethod, ClientRequestUserAgent,
            count() AS requests,
            countIf(SecurityAction IN ('block', 'drop', 'connectionClose', 'forceConnectionClose', 'challenge', 'jschallenge', 'managedChallenge'))
                AS stopped,
            countIf(EdgeResponseStatus BETWEEN 400 AND 599 AND OriginResponseStatus = 0) AS edge_errors,
            sum(EdgeResponseBytes) AS bytes,
            uniqCombined64State(ClientIP) AS callers
        FROM log.requests
        GROUP BY minute, ZoneName, ClientRequestHost, ClientRequestMethod, ClientRequestUserAgent
        """,
        """
        CREATE MATERIALIZED VIEW log.events_view TO log.events_1m AS
        SELECT intDiv(Datetime, 60000000000) AS minute, Source, Action, RuleID, count() AS events
        FROM log.events
        GROUP BY minute, Source, Action, RuleID
        """,
    ];

    private static string Topic(string name, string topic, string brokers, int consumers, string[] columns) =>
        $"""
        CREATE TABLE log.{name} ({string.Join(", ", columns)})
        ENGINE = Kafka
        SETTINGS kafka_broker_list = '{brokers}', kafka_topic_list = '{topic}', kafka_group_name = 'clickhouse-{name}',
            kafka_num_consumers = {consumers}, {Settings}
        """;
}
