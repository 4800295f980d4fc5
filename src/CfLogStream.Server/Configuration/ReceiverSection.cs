namespace CfLogStream.Server.Configuration;

/// <summary>The endpoint that Logpush pushes to.</summary>
public sealed record ReceiverSection
{
    /// <summary>Address and port to listen on.</summary>
    /// <value>empty, which is <c>127.0.0.1:8787</c> without Kafka, and nowhere with it.</value>
    /// <remarks>Cloudflare needs HTTPS with a publicly trusted certificate: give one here, or put a proxy in front.</remarks>
    public string Listen { get; init; } = "";

    /// <summary>The request header that carries a token, bare or behind <c>Bearer</c>.</summary>
    /// <value><c>Authorization</c>.</value>
    /// <remarks>Logpush sends it when the destination has <c>header_Authorization=…</c>.</remarks>
    public string TokenHeader { get; init; } = "Authorization";

    /// <summary>Who may send, with a token each. A source that is listed twice has two tokens: so they are changed without a gap.</summary>
    /// <value>none, which lets everybody send who reaches the address.</value>
    public IReadOnlyList<ReceiverToken> Tokens { get; init; } = [];

    /// <summary>The networks that may send, as <c>address/bits</c>.</summary>
    /// <value>none, which is all.</value>
    public IReadOnlyList<string> Networks { get; init; } = [];

    /// <summary>A certificate with its chain, PEM. It is read again when it changes.</summary>
    /// <value>empty, which is plain HTTP.</value>
    public string CertificateFile { get; init; } = "";

    /// <summary>The certificate's private key, PEM, without a password.</summary>
    /// <value>empty.</value>
    public string KeyFile { get; init; } = "";

    /// <summary>The most bytes of an upload as sent.</summary>
    /// <value>1 GiB: Logpush's largest upload, should it come unpacked.</value>
    public long BodyBytes { get; init; } = 1L << 30;

    /// <summary>The most bytes of an upload when inflated.</summary>
    /// <value>1 GiB: Logpush sends at most 1 GB.</value>
    /// <remarks>An upload that is too large comes again unchanged until it is dropped: set the job's <c>max_upload_bytes</c> below
    /// this.</remarks>
    public long InflatedBytes { get; init; } = 1L << 30;

    /// <summary>How many times its size an upload may have when inflated, once that is more than 16 MiB.</summary>
    /// <value>400; real uploads have 10 to 60.</value>
    public int InflationRatio { get; init; } = 400;

    /// <summary>The most lines of an upload.</summary>
    /// <value>1,000,000: the most that a Logpush job can be set to.</value>
    public int Records { get; init; } = 1_000_000;

    /// <summary>How long an upload may take to arrive.</summary>
    /// <value>120 seconds.</value>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Uploads that are received at the same time; more are answered 503 and come again.</summary>
    /// <value>64.</value>
    /// <remarks>Each takes up to 16 MiB of memory while it arrives, all of them together 64 MiB and 256 KiB each; what is
    /// more waits in a file.</remarks>
    public int Uploads { get; init; } = 64;

    /// <summary>Connections that are open at the same time; more are closed at once.</summary>
    /// <value>1,000.</value>
    public int Connections { get; init; } = 1_000;
}
