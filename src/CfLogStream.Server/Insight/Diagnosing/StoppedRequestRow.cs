using System.Data.Common;
using System.Net;
using CfLogStream.Core.Insight.Detection;
using CfLogStream.Core.Insight.Requests;

namespace CfLogStream.Server.Insight.Diagnosing;

/// <summary>Reads a stopped request from the table <c>requests</c>.</summary>
public static class StoppedRequestRow
{
    /// <summary>What is selected, first of all.</summary>
    public const string Columns =
        """
        client_class, client_name, weight, host, method, path, query, user_agent, referer, client_ip, asn, country, protocol, tls_protocol,
            mtls_status, ja4, bot_score, verified_bot_category, waf_score, time
        """;

    /// <summary>How many columns these are.</summary>
    public const int Count = 20;

    /// <summary>Reads a row that begins with <see cref="Columns"/>.</summary>
    public static StoppedRequest Read(DbDataReader row) => new(
        row.GetString(0), row.GetString(1), row.GetFieldValue<double>(2),
        new KeptRequest
        {
            Host = row.GetString(3),
            Method = row.GetString(4),
            Path = row.GetString(5),
            Query = row.GetString(6),
            UserAgent = row.GetString(7),
            Referer = row.GetString(8),
            Address = row.GetFieldValue<IPAddress>(9) is var address && address.Equals(IPAddress.IPv6Any) ? null : address,
            Asn = row.GetFieldValue<uint>(10),
            Country = row.GetString(11),
            Protocol = row.GetString(12),
            TlsProtocol = row.GetString(13),
            MutualTls = row.GetString(14),
            Ja4 = row.GetString(15),
            BotScore = row.GetFieldValue<byte>(16),
            VerifiedBotCategory = row.GetString(17),
            WafScore = row.GetFieldValue<byte>(18),
            Time = DateTime.SpecifyKind(row.GetDateTime(19), DateTimeKind.Utc),
        });
}
