using System.Globalization;
using System.Text.RegularExpressions;
using CfLogStream.ClickHouse.Reading;
using CfLogStream.Core.Insight.Detection;
using CfLogStream.Core.Insight.Findings;
using CfLogStream.Core.Insight.Remedies;

namespace CfLogStream.Server.Insight.Diagnosing;

/// <summary>Estimates how fast the clients call that a rate limit stopped.</summary>
internal sealed partial class RateReader
{
    private const int DefaultPeriod = 10;

    private readonly Queries _queries;

    public RateReader(Queries queries)
    {
        _queries = queries;
    }

    /// <summary>Returns the rates of judged clients per address and colo; null where nothing is kept.</summary>
    /// <remarks>Of what passed within a period only a sample is kept, but it was as much as the limit allows, where that is known.</remarks>
    public async Task<RateEvidence?> ReadAsync(FindingCandidate candidate, Finding finding, DiagnosisInput input, CancellationToken ct)
    {
        (long limit, int period) = LimitOf(finding);
        string sql =
            $"""
            SELECT count() AS periods, toUInt64(quantileExact(0.5)(lost_count)), toUInt64(quantileExact(0.9)(lost_count)),
                toUInt64(quantileExact(0.99)(lost_count)), toUInt64(max(lost_count))
            FROM (
                SELECT client_ip, colo, intDiv(toUnixTimestamp64Milli(time), {"{period:UInt32}"} * 1000) AS slot, round(sum(weight)) AS lost_count
                FROM {_queries.Table("requests")} FINAL
                PREWHERE zone = {"{zone:String}"} AND time >= {"{from:DateTime('UTC')}"} AND time < {"{to:DateTime('UTC')}"}
                WHERE lost AND match_control[1] = {"{control:String}"} AND match_rule_id[1] = {"{rule:String}"}
                    AND has({"{classes:Array(String)}"}, concat(client_class, '/', client_name))
                GROUP BY client_ip, colo, slot
            )
            """;
        IReadOnlyList<RateEvidence?> rates = await _queries.ReadAsync(
            sql,
            new QueryParameters()
                .Add("period", (uint)period)
                .Add("zone", candidate.Rule.Zone)
                .Add("control", candidate.Rule.Control)
                .Add("rule", candidate.Rule.Id)
                .Add("classes", candidate.Groups.Select(group => $"{group.Class}/{group.Name}").Distinct(StringComparer.Ordinal).ToArray())
                .Add("from", candidate.Onset ?? input.From)
                .Add("to", input.To),
            row => row.GetFieldValue<ulong>(0) == 0
                ? null
                : new RateEvidence(
                    period,
                    limit,
                    limit + (long)row.GetFieldValue<ulong>(1),
                    limit + (long)row.GetFieldValue<ulong>(2),
                    limit + (long)row.GetFieldValue<ulong>(3),
                    limit + (long)row.GetFieldValue<ulong>(4)),
            ct).ConfigureAwait(false);
        return rates[0];
    }

    /// <summary>The limit and its period, from the rule's description or the change that made it.</summary>
    private static (long Limit, int Period) LimitOf(Finding finding)
    {
        foreach (string text in finding.Changes.Select(change => change.NewValue).Prepend(finding.Rule!.Description))
        {
            Match match = LimitPattern().Match(text);
            if (match.Success
                && long.TryParse(match.Groups["limit"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out long limit)
                && limit < 1_000_000)
            {
                int length = match.Groups["length"].Success
                    && int.TryParse(match.Groups["length"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : 1;
                int unit = match.Groups["unit"].Value switch { "m" or "minute" or "minutes" or "min" => 60, "h" or "hour" or "hours" => 3600, _ => 1 };
                return (limit, Math.Clamp(length * unit, 1, 86_400));
            }
        }

        return (0, DefaultPeriod);
    }

    [GeneratedRegex(
        @"(?<limit>\d{1,6}) ?(requests?|reqs?)? ?(per|/|in) ?(?<length>\d{1,5})? ?(?<unit>s|seconds?|min|minutes?|m|h|hours?)\b",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex LimitPattern();
}
