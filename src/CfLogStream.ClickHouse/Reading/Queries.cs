using System.Data.Common;
using System.Runtime.CompilerServices;
using ClickHouse.Driver;

namespace CfLogStream.ClickHouse.Reading;

/// <summary>Queries with bound parameters and typed rows.</summary>
/// <remarks>Values reach a query only as <c>{name:Type}</c> parameters, never as part of its text. Names of tables come from <see
/// cref="Table"/>.</remarks>
public sealed class Queries
{
    // Without it an error could come after the answer has begun with 200.
    private static readonly QueryOptions s_statement = new()
    {
        CustomSettings = new Dictionary<string, object> { ["wait_end_of_query"] = 1 },
    };

    private readonly ClickHouseConnection _connection;

    public Queries(ClickHouseConnection connection)
    {
        _connection = connection;
    }

    /// <summary>Returns <c>database.table</c> for a query's text.</summary>
    public string Table(string table) => $"{_connection.Options.Database}.{SqlIdentifier.Check("table name", table)}";

    /// <summary>Runs a query and reads all its rows.</summary>
    public async Task<IReadOnlyList<T>> ReadAsync<T>(
        string sql,
        QueryParameters? parameters,
        Func<DbDataReader, T> read,
        CancellationToken cancellationToken)
    {
        var rows = new List<T>();
        await foreach (T row in StreamAsync(sql, parameters, read, cancellationToken).ConfigureAwait(false))
        {
            rows.Add(row);
        }

        return rows;
    }

    /// <summary>Runs a query and reads its rows one by one.</summary>
    public async IAsyncEnumerable<T> StreamAsync<T>(
        string sql,
        QueryParameters? parameters,
        Func<DbDataReader, T> read,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = ClickHouseConnection.Limit(_connection.Options.QueryTimeout, cancellationToken);
        DbDataReader reader = await OpenAsync(sql, parameters, limit, cancellationToken).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            while (await reader.ReadAsync(limit.Token).ConfigureAwait(false))
            {
                yield return read(reader);
            }
        }
    }

    /// <summary>Runs a query and returns the first column of its first row.</summary>
    /// <exception cref="InvalidOperationException">The query gave no row.</exception>
    public async Task<T> ScalarAsync<T>(string sql, QueryParameters? parameters, CancellationToken cancellationToken)
    {
        IReadOnlyList<T> rows = await ReadAsync(sql, parameters, reader => reader.GetFieldValue<T>(0), cancellationToken)
            .ConfigureAwait(false);
        return rows.Count > 0
            ? rows[0]
            : throw new InvalidOperationException($"The query '{Throw.Excerpt(sql)}' gave no row; expected one.");
    }

    /// <summary>Runs a statement that gives no rows.</summary>
    public async Task ExecuteAsync(string sql, QueryParameters? parameters, CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = ClickHouseConnection.Limit(_connection.Options.QueryTimeout, cancellationToken);
        try
        {
            await _connection.Client
                .ExecuteNonQueryAsync(sql, parameters?.Collection, s_statement, limit.Token)
                .ConfigureAwait(false);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw TookTooLong(sql, exception);
        }
    }

    private async Task<DbDataReader> OpenAsync(
        string sql, QueryParameters? parameters, CancellationTokenSource limit, CancellationToken cancellationToken)
    {
        try
        {
            return await _connection.Client
                .ExecuteReaderAsync(sql, parameters?.Collection, null, limit.Token)
                .ConfigureAwait(false);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw TookTooLong(sql, exception);
        }
    }

    private TimeoutException TookTooLong(string sql, Exception cause) =>
        new($"The query '{Throw.Excerpt(sql)}' was not answered within {_connection.Options.QueryTimeout}.", cause);
}
