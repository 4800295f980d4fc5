using System.Runtime.CompilerServices;
using System.Text;
using CfLogStream.Core.Logpush;

namespace CfLogStream.Core.Traffic.Clients;

/// <summary>What one record tells about its client. A security event leaves most of it empty; nothing here is an outcome.</summary>
/// <remarks>
/// What every client needs is read beforehand; what only some decisions need (a browser's, say) is read from the record when it is asked
/// for. Of a security event only the fields of both datasets are looked at.
/// </remarks>
internal ref struct ClientSignals
{
    // Cloudflare Workers call from this one address (2a06:98c0:3600::103).
    private const ulong WorkerNetwork = 0x2A06_98C0_3600_0000;
    private const ulong WorkerHost = 0x103;

    /// <summary>Whether the user agent was logged at all: only then does an empty one mean that none was sent.</summary>
    public bool HasUserAgent;
    /// <summary>The user agent and what comes behind it (<see cref="WideText"/>).</summary>
    public ReadOnlySpan<byte> AgentRoom;
    public int AgentLength;
    public RequestMethod Method;

    /// <summary>The requested host, lower case, without port.</summary>
    public ReadOnlySpan<byte> Host;
    public Surface Surface;

    /// <summary>0 when not logged.</summary>
    public uint Asn;
    public IpPrefix Address;

    /// <summary>1 to 99; 0 when not computed.</summary>
    public int BotScore;
    public ReadOnlySpan<byte> Ja4;

    /// <summary>WorkerSubrequest is set or there is a parent ray.</summary>
    public bool IsSubrequest;
    public ref readonly HeaderEvidence Headers;

    /// <summary>The record is no security event.</summary>
    public readonly bool IsRequest;

    private readonly LogRecord _record;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ClientSignals(LogRecord record)
    {
        _record = record;
        Headers = ref HeaderEvidence.None;
        IsRequest = record.Dataset != Dataset.FirewallEvents;
    }

    public readonly ReadOnlySpan<byte> UserAgent => AgentRoom[..AgentLength];

    /// <summary>The address is that from which Workers call.</summary>
    public readonly bool IsFromWorker => Address.Bits == WorkerNetwork && Address.Low == WorkerHost;

    public readonly IpClass IpClass => ReadIpClass(_record);

    public readonly bool IsMobileDevice => IsRequest && _record.IsWord(LogField.ClientDeviceType, "mobile"u8);

    public readonly ReadOnlySpan<byte> RequestSource => Request(LogField.ClientRequestSource);

    public readonly ReadOnlySpan<byte> XRequestedWith => Request(LogField.ClientXRequestedWith);

    /// <summary>Cloudflare knows the client as a good bot.</summary>
    public readonly bool IsScoredAsVerifiedBot => IsRequest && _record.IsWord(LogField.BotScoreSrc, "Verified Bot"u8);

    /// <summary>The bot score comes from looking at the request.</summary>
    public readonly bool IsScored => IsRequest
        && (_record.IsWord(LogField.BotScoreSrc, "Heuristics"u8) || _record.IsWord(LogField.BotScoreSrc, "Machine Learning"u8)
            || _record.IsWord(LogField.BotScoreSrc, "JS Fingerprinting"u8));

    public readonly bool IsTaggedNewRelic =>
        IsRequest && _record.Slot(LogField.BotTags).Length > 2 && _record.Text(LogField.BotTags).IndexOf("newRelic"u8) >= 0;

    /// <summary>
    /// Whether the job logs the category: only then does an empty one mean that Cloudflare did not verify the client.
    /// </summary>
    public readonly bool HasVerifiedBotCategory =>
        IsRequest && _record.IsLogged(LogField.VerifiedBotCategory);

    public readonly ReadOnlySpan<byte> VerifiedBotCategory => Request(LogField.VerifiedBotCategory);

    public readonly bool PassedJsDetection => IsRequest && _record.IsWord(LogField.JSDetectionPassed, "passed"u8);

    public readonly bool FailedJsDetection => IsRequest && _record.IsWord(LogField.JSDetectionPassed, "failed"u8);

    /// <summary>The client showed a certificate that is valid.</summary>
    public readonly bool HasClientCertificate => IsRequest && _record.IsWord(LogField.ClientMTLSAuthStatus, "ok"u8);

    /// <summary>Reads the marks that do not depend on the user agent.</summary>
    public readonly ClientMarks ReadMarks()
    {
        LogRecord record = _record;
        ClientMarks marks = Mark(HasUserAgent, ClientMarks.UserAgent)
            | Mark(Method == RequestMethod.Post, ClientMarks.Posts)
            | Mark(Method is RequestMethod.Get or RequestMethod.Head, ClientMarks.Reads)
            | Mark(Asn != 0, ClientMarks.Network);
        return !IsRequest
            ? marks
            : marks
            | Mark(record.IsLogged(LogField.VerifiedBotCategory), ClientMarks.VerifiedBotCategory)
            | Mark(record.IsWord(LogField.ClientDeviceType, "mobile"u8), ClientMarks.MobileDevice)
            | Mark(record.IsWord(LogField.BotScoreSrc, "Verified Bot"u8), ClientMarks.VerifiedBot)
            | Mark(record.IsWord(LogField.ClientMTLSAuthStatus, "ok"u8), ClientMarks.ClientCertificate)
            | Mark(IsTaggedNewRelic, ClientMarks.NewRelic);
    }

    public readonly bool HasReferer => !RefererHost.IsEmpty;

    /// <summary>The referer's host belongs to the same site as the requested one.</summary>
    public readonly bool HasSameSiteReferer => HostName.IsSameSite(Host, RefererHost);

    private readonly ReadOnlySpan<byte> RefererHost => IsRequest
        ? HostName.OfAddress(_record.Text(LogField.ClientRequestReferer))
        : _record.Text(LogField.ClientRefererHost);

    /// <summary>Whether a logged value is a word, in any case.</summary>
    public static bool Is(ReadOnlySpan<byte> text, ReadOnlySpan<byte> word) =>
        text.Length == word.Length && Ascii.EqualsIgnoreCase(text, word);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly ReadOnlySpan<byte> Request(LogField field) => IsRequest && !_record.IsEmpty(field) ? _record.Text(field) : default;

    private static ClientMarks Mark(bool holds, ClientMarks mark) => holds ? mark : ClientMarks.None;

    private static IpClass ReadIpClass(LogRecord record) =>
        record.IsWord(LogField.ClientIPClass, "scan"u8) ? IpClass.Scan
        : record.IsWord(LogField.ClientIPClass, "searchEngine"u8) ? IpClass.SearchEngine
        : record.IsWord(LogField.ClientIPClass, "monitoringService"u8) ? IpClass.MonitoringService
        : record.IsWord(LogField.ClientIPClass, "securityScanner"u8) ? IpClass.SecurityScanner
        : record.IsWord(LogField.ClientIPClass, "badHost"u8) ? IpClass.BadHost
        : IpClass.Other;
}
