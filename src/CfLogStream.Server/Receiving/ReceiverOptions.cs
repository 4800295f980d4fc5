using System.Net;
using CfLogStream.Core.Logpush;
using CfLogStream.Kafka.Slices;

namespace CfLogStream.Server.Receiving;

/// <summary>What the receiver listens on, whom it lets in, and how large uploads may be.</summary>
public sealed record ReceiverOptions
{
    /// <summary>Where it listens.</summary>
    /// <value>127.0.0.1:8787.</value>
    public IPEndPoint Listen { get; init; } = new(IPAddress.Loopback, 8787);

    /// <summary>The request header that carries a token, bare or behind <c>Bearer</c>.</summary>
    /// <value><c>Authorization</c>.</value>
    public string TokenHeader { get; init; } = "Authorization";

    /// <summary>Who may send; empty lets everybody send.</summary>
    public IReadOnlyList<ReceiverSource> Sources { get; init; } = [];

    /// <summary>The networks that may send; empty means all.</summary>
    public IReadOnlyList<IPNetwork> Networks { get; init; } = [];

    /// <summary>A certificate in PEM form with its chain; null listens without TLS.</summary>
    public string? CertificateFile { get; init; }

    /// <summary>Its private key in PEM form.</summary>
    public string? KeyFile { get; init; }

    /// <summary>Uploads larger than their share of memory wait here while they are read.</summary>
    public required string Folder { get; init; }

    /// <summary>The most bytes of an upload as sent.</summary>
    /// <value>1 GiB: Logpush's largest upload, should it come unpacked.</value>
    public long BodyBytes { get; init; } = 1L << 30;

    /// <summary>The most bytes of an upload when inflated.</summary>
    /// <value>1 GiB: Logpush sends at most 1 GB.</value>
    public long InflatedBytes { get; init; } = 1L << 30;

    /// <summary>How many times its size an upload may have when inflated, once that is more than 16 MiB.</summary>
    /// <value>400; the flattest real upload seen has 54.</value>
    public int InflationRatio { get; init; } = 400;

    /// <summary>The most lines of an upload.</summary>
    /// <value>1,000,000, as Logpush.</value>
    public int Records { get; init; } = 1_000_000;

    /// <summary>How long an upload may take to arrive.</summary>
    /// <value>2 minutes.</value>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Uploads that are received at the same time; more are asked to come again.</summary>
    /// <value>64.</value>
    public int Uploads { get; init; } = 64;

    /// <summary>Connections that are open at the same time.</summary>
    /// <value>1,000.</value>
    public int Connections { get; init; } = 1_000;

    /// <summary>Uploads that are unpacked and sliced at the same time.</summary>
    /// <value>One per core, at least 2.</value>
    public int Slicers { get; init; } = Math.Max(2, Environment.ProcessorCount);

    public ReaderOptions Reader { get; init; } = new();

    public SlicerOptions Slicer { get; init; } = new();
}
