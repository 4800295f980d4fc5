using CfLogStream.Core.Logpush;
using CfLogStream.Core.Traffic.Clients;

namespace CfLogStream.Core.Traffic;

/// <summary>
/// Gathers from a record what tells of its client; the same for both datasets, of which security events have fewer fields. One per thread.
/// </summary>
internal sealed class SignalReader
{
    private readonly HeaderCache _headers = new();
    private readonly AddressReader _addresses;

    public SignalReader(AddressReader addresses)
    {
        _addresses = addresses;
    }

    /// <summary>Reads the signals; spans point into the record and the endpoint's texts.</summary>
    public void Read(LogRecord record, EndpointReader endpoint, ulong parentRay, out ClientSignals signals)
    {
        signals = new ClientSignals(record)
        {
            HasUserAgent = record.IsLogged(LogField.ClientRequestUserAgent),
            UserAgent = record.PlainText(LogField.ClientRequestUserAgent),
            Method = endpoint.Current.Method,
            Host = endpoint.Host,
            Surface = endpoint.Current.Surface,
            Asn = Asn(record),
            Address = _addresses.Read(record.PlainText(LogField.ClientIP)),
        };
        if (record.Dataset != Dataset.FirewallEvents)
        {
            signals.BotScore = Score(record, LogField.BotScore);
            signals.Ja4 = record.PlainText(LogField.JA4);
            signals.Headers = _headers.Read(record);
            signals.IsSubrequest = parentRay != 0 || (record.Slot(LogField.WorkerSubrequest).Kind is not (FieldKind.False or FieldKind.Absent) && record.IsTrue(LogField.WorkerSubrequest));
        }
    }

    /// <summary>Reads a score from 1 to 99; Cloudflare's 0 and 100 mean that there is none.</summary>
    public static byte Score(LogRecord record, LogField field) =>
        WholeNumber.TryRead(record, field, out long score) && score is >= 1 and <= 99 ? (byte)score : (byte)0;

    /// <summary>Reads the autonomous system number; 0 when there is none.</summary>
    private static uint Asn(LogRecord record) =>
        WholeNumber.TryRead(record, LogField.ClientASN, out long asn) && asn is > 0 and <= uint.MaxValue ? (uint)asn : 0;
}
