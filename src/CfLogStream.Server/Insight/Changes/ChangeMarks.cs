using System.Data.Common;
using CfLogStream.ClickHouse.Reading;
using CfLogStream.ClickHouse.Rows;
using CfLogStream.ClickHouse.Writing;
using CfLogStream.Core.Insight.Changes;

namespace CfLogStream.Server.Insight.Changes;

/// <summary>Writes changes by hand: marks them, and withdraws any.</summary>
/// <remarks>Each writes the whole row again with the next version. An audit record that is read again has the first version, so it does not
/// undo a withdrawal.</remarks>
public sealed class ChangeMarks
{
    private readonly Queries _queries;
    private readonly ClickHouseWriter _writer;
    private readonly ChangeEncoder _encoder;

    public ChangeMarks(Queries queries, ClickHouseWriter writer, string database)
    {
        _queries = queries;
        _writer = writer;
        _encoder = new ChangeEncoder(database);
    }

    /// <summary>Writes a mark; one that was withdrawn is there again.</summary>
    public async Task MarkAsync(ChangeMark mark, CancellationToken ct)
    {
        IReadOnlyList<ChangeEntry> before = await FindAsync(mark.Id, ct).ConfigureAwait(false);
        await WriteAsync(mark.ToEntry(before.Count == 0 ? ChangeEntry.FirstVersion : before[0].Version + 1), ct).ConfigureAwait(false);
    }

    /// <summary>Withdraws the changes of an id and returns how many there were; those already withdrawn stay so.</summary>
    public async Task<int> WithdrawAsync(string id, CancellationToken ct)
    {
        IReadOnlyList<ChangeEntry> found = await FindAsync(id, ct).ConfigureAwait(false);
        foreach (ChangeEntry change in found.Where(change => !change.Withdrawn))
        {
            await WriteAsync(change with { Withdrawn = true, Version = change.Version + 1 }, ct).ConfigureAwait(false);
        }

        return found.Count;
    }

    private Task<IReadOnlyList<ChangeEntry>> FindAsync(string id, CancellationToken ct) => _queries.ReadAsync(
        $"""
        SELECT toUnixTimestamp64Nano(time), zone, source, kind, control, rule_id, rule_ref, actor, actor_kind, summary, old_value, new_value,
            owner, ticket, withdrawn, version
        FROM {_queries.Table("changes")} FINAL
        WHERE id = {"{id:String}"}
        ORDER BY time
        LIMIT 100
        """,
        new QueryParameters().Add("id", id),
        row => Read(row, id),
        ct);

    private static ChangeEntry Read(DbDataReader row, string id) => new()
    {
        TimeNs = row.GetFieldValue<long>(0),
        Id = id,
        Zone = row.GetString(1),
        Source = row.GetString(2),
        Kind = row.GetString(3),
        Control = row.GetString(4),
        RuleId = row.GetString(5),
        RuleReference = row.GetString(6),
        Actor = row.GetString(7),
        ActorKind = row.GetString(8),
        Summary = row.GetString(9),
        OldValue = row.GetString(10),
        NewValue = row.GetString(11),
        Owner = row.GetString(12),
        Ticket = row.GetString(13),
        Withdrawn = row.GetFieldValue<bool>(14),
        Version = row.GetFieldValue<ulong>(15),
    };

    private async Task WriteAsync(ChangeEntry change, CancellationToken ct)
    {
        using EncodedBlock block = _encoder.Encode(change);
        WriteResult result = await _writer.WriteAsync(block, ct).ConfigureAwait(false);
        if (result.Rejected.Count > 0)
        {
            throw new InvalidOperationException($"ClickHouse refused the change: {result.Rejected[0].ServerText}");
        }
    }
}
