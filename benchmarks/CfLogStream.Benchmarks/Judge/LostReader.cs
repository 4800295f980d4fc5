using System.Data.Common;
using System.Net;
using CfLogStream.ClickHouse.Reading;
using CfLogStream.Core.Insight.Requests;

namespace CfLogStream.Benchmarks.Judge;

/// <summary>Reads the kept requests that were lost.</summary>
internal static class LostReader
{
    public static Task<IReadOnlyList<LostRequest>> ReadAsync(Queries queries) => queries.ReadAsync(
        $"""
        SELECT zone, match_control[1], match_rule_id[1], client_class, client_name, weight, host, method, path, query, user_agent, referer, client_ip,
            asn, country, protocol, tls_protocol, mtls_status, ja4, bot_score, verified_bot_category, waf_score, time
        FROM {queries.Table("requests")} FINAL
        WHERE lost AND notEmpty(match_control)
        ORDER BY time, ray
        """,
        null,
        Row,
        CancellationToken.None);

    private static LostRequest Row(DbDataReader row) => new(
        row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4), row.GetFieldValue<double>(5),
        new KeptRequest
        {
            Host = row.GetString(6),
            Method = row.GetString(7),
            Path = row.GetString(8),
            Query = row.GetString(9),
            UserAgent = row.GetString(10),
            Referer = row.GetString(11),
            Address = row.GetFieldValue<IPAddress>(12) is var address && address.Equals(IPAddress.IPv6Any) ? null : address,
            Asn = row.GetFieldValue<uint>(13),
            Country = row.GetString(14),
            Protocol = row.GetString(15),
            TlsProtocol = row.GetString(16),
            MutualTls = row.GetString(17),
            Ja4 = row.GetString(18),
            BotScore = row.GetFieldValue<byte>(19),
            VerifiedBotCategory = row.GetString(20),
            WafScore = row.GetFieldValue<byte>(21),
            Time = DateTime.SpecifyKind(row.GetDateTime(22), DateTimeKind.Utc),
        });
}
