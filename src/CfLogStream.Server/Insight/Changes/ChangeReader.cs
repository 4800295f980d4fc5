using System.Data.Common;
using CfLogStream.ClickHouse.Reading;
using CfLogStream.Core.Insight.Findings;

namespace CfLogStream.Server.Insight.Changes;

/// <summary>Reads changes of configuration.</summary>
public sealed class ChangeReader
{
    /// <summary>The most changes that are read at once; the newest ones.</summary>
    public const int MaxChanges = 10_000;

    private readonly Queries _queries;

    public ChangeReader(Queries queries)
    {
        _queries = queries;
    }

    /// <summary>Returns the changes from one time to before another, oldest first; those that were withdrawn are not among them.</summary>
    /// <param name="zone">Only those of this zone, and those that name none; null for all.</param>
    public Task<IReadOnlyList<Change>> ReadAsync(DateTime from, DateTime to, string? zone, CancellationToken ct) =>
        ReadAsync(from, to, zone, Read, ct);

    /// <summary>As <see cref="ReadAsync(DateTime, DateTime, string?, CancellationToken)"/>, with owner and ticket.</summary>
    public Task<IReadOnlyList<ListedChange>> ListAsync(DateTime from, DateTime to, string? zone, CancellationToken ct) =>
        ReadAsync(from, to, zone, row => new ListedChange(Read(row), row.GetString(13), row.GetString(14)), ct);

    /// <summary>Whether audit logs arrive: any record of them was counted in the seven days before a time.</summary>
    public async Task<bool> HasAuditLogsAsync(DateTime before, CancellationToken ct)
    {
        ulong records = await _queries.ScalarAsync<ulong>(
            $"""
            SELECT toUInt64(sum(received)) FROM {_queries.Table("quality_1m")} FINAL
            WHERE dataset IN ('audit_logs', 'audit_logs_v2')
              AND window >= {"{before:DateTime('UTC')}"} - INTERVAL 7 DAY AND window <= {"{before:DateTime('UTC')}"}
            """,
            new QueryParameters().Add("before", before),
            ct).ConfigureAwait(false);
        return records > 0;
    }

    private Task<IReadOnlyList<T>> ReadAsync<T>(DateTime from, DateTime to, string? zone, Func<DbDataReader, T> read, CancellationToken ct)
    {
        QueryParameters parameters = new QueryParameters()
            .Add("from", Nanoseconds(from)).Add("to", Nanoseconds(to)).Add("zone", zone?.ToLowerInvariant() ?? "");
        return _queries.ReadAsync(
            $"""
            SELECT * FROM (
                SELECT time, id, zone, source, kind, control, rule_id, rule_ref, actor, actor_kind, summary, old_value, new_value, owner, ticket
                FROM {_queries.Table("changes")} FINAL
                WHERE time >= fromUnixTimestamp64Nano({"{from:Int64}"}, 'UTC') AND time < fromUnixTimestamp64Nano({"{to:Int64}"}, 'UTC')
                  AND NOT withdrawn AND ({"{zone:String}"} = '' OR zone IN ({"{zone:String}"}, ''))
                ORDER BY time DESC, id
                LIMIT {MaxChanges}
            )
            ORDER BY time, id
            """,
            parameters,
            read,
            ct);
    }

    private static long Nanoseconds(DateTime time) => checked((time.Ticks - DateTime.UnixEpoch.Ticks) * 100);

    private static Change Read(DbDataReader row) => new(
        row.GetFieldValue<DateTime>(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4), row.GetString(5), row.GetString(6),
        row.GetString(7), row.GetString(8), row.GetString(9), row.GetString(10), row.GetString(11), row.GetString(12));
}
