using System.Data.Common;
using System.Globalization;
using System.Text;
using CfLogStream.ClickHouse.Reading;

namespace CfLogStream.Server.Insight.Requests;

/// <summary>Looks for kept requests by what a person remembers of one.</summary>
public sealed class RequestFinder
{
    private const string Columns =
        "time, ray, method, host, path, toInt32(edge_status), if(has_origin_status, toInt32(origin_status), -1), outcome, lost, match_control[1], match_action[1], "
        + "match_rule_id[1], match_description[1], client_class, client_name, trust, if(client_ip = toIPv6('::'), '', toString(client_ip)), "
        + "user_agent, weight";

    private readonly Queries _queries;

    public RequestFinder(Queries queries)
    {
        _queries = queries;
    }

    /// <summary>Returns the newest requests that pass a filter, and whether there are more than its limit.</summary>
    public async Task<(IReadOnlyList<FoundRequest> Found, bool IsCut)> FindAsync(FindFilter filter, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(filter);
        var parameters = new QueryParameters();
        string conditions = Conditions(filter, parameters);
        parameters.Add("limit", (uint)filter.Limit + 1);
        string key = "zone, host, ray, time";
        IReadOnlyList<FoundRequest> found = await _queries.ReadAsync(
            // Keys first, from as few columns as the filter has; then all columns of those. A minute's final row takes the place of an early one.
            $"""
            WITH wanted AS (
                SELECT {key}, early FROM (
                    SELECT {key}, toUInt8(0) AS early FROM {_queries.Table("requests")} FINAL WHERE {conditions}
                    ORDER BY time DESC, ray LIMIT {"{limit:UInt32}"}
                    UNION ALL
                    SELECT {key}, toUInt8(1) AS early FROM {_queries.Table("requests_early")} FINAL WHERE {conditions}
                    ORDER BY time DESC, ray LIMIT {"{limit:UInt32}"}
                )
                ORDER BY time DESC, ray, early LIMIT 1 BY {key} LIMIT {"{limit:UInt32}"}
            )
            SELECT {Columns}, early FROM (
                SELECT *, toUInt8(0) AS early FROM {_queries.Table("requests")}
                WHERE {Span} AND (zone, host, toStartOfHour(time), ray, time) IN (SELECT zone, host, toStartOfHour(time), ray, time FROM wanted)
                UNION ALL
                SELECT *, toUInt8(1) AS early FROM {_queries.Table("requests_early")}
                WHERE {Span} AND (zone, host, toStartOfHour(time), ray, time) IN (SELECT zone, host, toStartOfHour(time), ray, time FROM wanted WHERE early = 1)
            )
            ORDER BY time DESC, ray, early, version DESC
            LIMIT 1 BY {key}
            LIMIT {"{limit:UInt32}"}
            """,
            parameters,
            Read,
            ct).ConfigureAwait(false);
        return found.Count > filter.Limit ? ([.. found.Take(filter.Limit)], true) : (found, false);
    }

    /// <summary>Returns the time of the newest kept request, UTC; null when nothing is kept. Takes no reading.</summary>
    public async Task<DateTime?> NewestAsync(CancellationToken ct)
    {
        long newest = await _queries.ScalarAsync<long>(
            $"SELECT greatest(toUnixTimestamp64Nano((SELECT max(time) FROM {_queries.Table("requests")})), "
            + $"toUnixTimestamp64Nano((SELECT max(time) FROM {_queries.Table("requests_early")})))",
            null,
            ct).ConfigureAwait(false);

        // Rounded up, so that the newest request itself is not after it.
        return newest <= 0 ? null : DateTime.UnixEpoch.AddTicks((newest + 99) / 100);
    }

    private static string Span => "time >= fromUnixTimestamp64Nano({from:Int64}, 'UTC') AND time <= fromUnixTimestamp64Nano({until:Int64}, 'UTC')";

    private static string Conditions(FindFilter filter, QueryParameters parameters)
    {
        parameters.Add("from", CallerLookup.Nanoseconds(filter.From)).Add("until", CallerLookup.Nanoseconds(filter.Until));
        var all = new StringBuilder(Span);

        // The name of the parameter stands for its placeholder.
        void And(string condition, string name, string type, object value)
        {
            all.Append(" AND ").Append(condition.Replace("@", $"{{{name}:{type}}}", StringComparison.Ordinal));
            parameters.Add(name, value);
        }

        void AndText(string condition, string name, string value)
        {
            if (value.Length > 0)
            {
                And(condition, name, "String", value);
            }
        }

        if (filter.Path.Length > 0)
        {
            bool isGlob = filter.Path.Contains('*', StringComparison.Ordinal);
            string condition = (isGlob, filter.IsPathCase) switch
            {
                (true, true) => "path LIKE @",
                (true, false) => "path ILIKE @",
                (false, true) => "position(path, @) > 0",
                _ => "positionCaseInsensitiveUTF8(path, @) > 0",
            };
            AndText(condition, "path", isGlob ? LikePattern(filter.Path) : filter.Path);
        }

        if (filter.Host.Contains('*', StringComparison.Ordinal))
        {
            AndText("host LIKE @", "host", LikePattern(filter.Host));
        }
        else
        {
            AndText("host = @", "host", filter.Host);
        }

        AndText("method = @", "method", filter.Method);
        if (filter.Addresses is { } addresses)
        {
            if (addresses.First.Equals(addresses.Last))
            {
                And("client_ip = toIPv6(@)", "first_address", "String", addresses.First.ToString());
            }
            else
            {
                And("client_ip >= toIPv6(@)", "first_address", "String", addresses.First.ToString());
                And("client_ip <= toIPv6(@)", "last_address", "String", addresses.Last.ToString());
            }
        }

        if (filter.Statuses.Count > 0)
        {
            all.Append(" AND (");
            for (int i = 0; i < filter.Statuses.Count; i++)
            {
                all.Append(CultureInfo.InvariantCulture, $"{(i > 0 ? " OR " : "")}(edge_status >= {{low{i}:UInt16}} AND edge_status <= {{high{i}:UInt16}})");
                parameters.Add($"low{i}", (ushort)filter.Statuses[i].First).Add($"high{i}", (ushort)filter.Statuses[i].Last);
            }

            all.Append(')');
        }

        AndText("positionCaseInsensitiveUTF8(user_agent, @) > 0", "agent", filter.UserAgent);
        AndText("client_class = @", "class", filter.ClientClass);
        AndText("client_name = @", "name", filter.ClientName);
        AndText("has(match_control, @)", "control", filter.Control);
        AndText("(has(match_rule_id, @) OR has(match_rule_ref, @))", "rule", filter.Rule);
        if (filter.Outcome == "lost")
        {
            all.Append(" AND lost");
        }
        else
        {
            AndText("outcome = @", "outcome", filter.Outcome);
        }

        return all.ToString();
    }

    /// <summary>Makes a LIKE pattern of a text in which only <c>*</c> has a meaning.</summary>
    internal static string LikePattern(string glob) => glob
        .Replace(@"\", @"\\", StringComparison.Ordinal)
        .Replace("%", @"\%", StringComparison.Ordinal)
        .Replace("_", @"\_", StringComparison.Ordinal)
        .Replace("*", "%", StringComparison.Ordinal);

    private static FoundRequest Read(DbDataReader row) => new(
        DateTime.SpecifyKind(row.GetFieldValue<DateTime>(0), DateTimeKind.Utc),
        row.GetString(1),
        row.GetString(2),
        row.GetString(3),
        row.GetString(4),
        row.GetFieldValue<int>(5),
        row.GetFieldValue<int>(6) is >= 0 and int origin ? origin : null,
        row.GetString(7),
        row.GetFieldValue<bool>(8),
        row.GetString(9),
        row.GetString(10),
        row.GetString(11),
        row.GetString(12),
        row.GetString(13),
        row.GetString(14),
        row.GetString(15),
        row.GetString(16).StartsWith("::ffff:", StringComparison.Ordinal) ? row.GetString(16)[7..] : row.GetString(16),
        row.GetString(17),
        row.GetFieldValue<double>(18),
        Convert.ToInt32(row.GetValue(19), CultureInfo.InvariantCulture) != 0);
}
