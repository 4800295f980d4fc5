using CfLogStream.Core.Logpush;
using CfLogStream.Core.Traffic.Clients;

namespace CfLogStream.Core.Traffic;

/// <summary>
/// Gathers from a record what tells of its client; the same for both datasets, of which security events have fewer fields.
/// </summary>
internal static class SignalReader
{
    /// <summary>Reads the signals; spans point into the record.</summary>
    public static void Read(LogRecord record, EndpointReader endpoint, ulong parentRay, out ClientSignals signals)
    {
        signals = default;
        signals.HasUserAgent = IsLogged(record, LogField.ClientRequestUserAgent);
        signals.UserAgent = record.Text(LogField.ClientRequestUserAgent);
        signals.Method = endpoint.Method;
        signals.Surface = endpoint.Surface;
        signals.Asn = Asn(record);
        signals.Address = IpPrefix.Parse(record.Text(LogField.ClientIP));
        signals.IpClass = record.Text(LogField.ClientIPClass);
        ReadOnlySpan<byte> refererHost;
        if (record.Dataset == Dataset.FirewallEvents)
        {
            refererHost = record.Text(LogField.ClientRefererHost);
        }
        else
        {
            refererHost = HostName.OfAddress(record.Text(LogField.ClientRequestReferer));
            ReadRequestOnly(record, ref signals);
            signals.IsSubrequest = parentRay != 0 || record.IsTrue(LogField.WorkerSubrequest);
        }

        signals.HasReferer = !refererHost.IsEmpty;
        signals.SameSiteReferer = HostName.IsSameSite(endpoint.Host, refererHost);
    }

    /// <summary>Reads a score from 1 to 99; Cloudflare's 0 and 100 mean that there is none.</summary>
    public static byte Score(LogRecord record, LogField field) =>
        record.TryGetInt64(field, out long score) && score is >= 1 and <= 99 ? (byte)score : (byte)0;

    /// <summary>Reads the autonomous system number; 0 when there is none.</summary>
    public static uint Asn(LogRecord record) =>
        record.TryGetInt64(LogField.ClientASN, out long asn) && asn is > 0 and <= uint.MaxValue ? (uint)asn : 0;

    private static void ReadRequestOnly(LogRecord record, ref ClientSignals signals)
    {
        signals.DeviceType = record.Text(LogField.ClientDeviceType);
        signals.RequestSource = record.Text(LogField.ClientRequestSource);
        signals.XRequestedWith = record.Text(LogField.ClientXRequestedWith);
        signals.BotScore = Score(record, LogField.BotScore);
        signals.BotScoreSource = record.Text(LogField.BotScoreSrc);
        signals.BotTags = record.Text(LogField.BotTags);
        signals.HasVerifiedBotCategory = IsLogged(record, LogField.VerifiedBotCategory);
        signals.VerifiedBotCategory = record.Text(LogField.VerifiedBotCategory);
        signals.JsDetection = record.Text(LogField.JSDetectionPassed);
        signals.MtlsStatus = record.Text(LogField.ClientMTLSAuthStatus);
        signals.Ja4 = record.Text(LogField.JA4);
        foreach (TextMembers header in record.Members(LogField.RequestHeaders))
        {
            signals.Headers.Add(header.Name, header.Value, ClientTables.Headers);
        }
    }

    private static bool IsLogged(LogRecord record, LogField field) => record.Slot(field).Kind is not (FieldKind.Absent or FieldKind.Null);
}
