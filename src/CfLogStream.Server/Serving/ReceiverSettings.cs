using System.Net;
using CfLogStream.Core.Logpush;
using CfLogStream.Kafka.Slices;
using CfLogStream.Server.Configuration;
using CfLogStream.Server.Receiving;
using CfLogStream.Server.Spool;

namespace CfLogStream.Server.Serving;

/// <summary>Makes the options of the receiver and of the spool from the configuration.</summary>
public static class ReceiverSettings
{
    private const string DefaultListen = "127.0.0.1:8787";
    private const string SpoolFolder = "spool";
    private const string UploadFolder = "uploads";

    /// <summary>Returns the receiver's options.</summary>
    /// <param name="folder">The data folder.</param>
    public static ReceiverOptions Of(ReceiverSection section, ReaderOptions reader, SlicerOptions slicer, string folder)
    {
        ArgumentNullException.ThrowIfNull(section);
        ReceiverAccess access = AccessOf(section);
        return new ReceiverOptions
        {
            Listen = IPEndPoint.Parse(section.Listen.Length > 0 ? section.Listen : DefaultListen),
            TokenHeader = access.TokenHeader,
            Sources = access.Sources,
            Networks = access.Networks,
            CertificateFile = section.CertificateFile.Length > 0 ? section.CertificateFile : null,
            KeyFile = section.KeyFile.Length > 0 ? section.KeyFile : null,
            Folder = Path.Combine(folder, UploadFolder),
            BodyBytes = section.BodyBytes,
            InflatedBytes = section.InflatedBytes,
            InflationRatio = section.InflationRatio,
            Records = section.Records,
            Timeout = section.Timeout,
            Uploads = section.Uploads,
            Connections = section.Connections,
            Reader = reader,
            Slicer = slicer,
        };
    }

    /// <summary>Returns who may send.</summary>
    public static ReceiverAccess AccessOf(ReceiverSection section)
    {
        ArgumentNullException.ThrowIfNull(section);
        return new ReceiverAccess(
            section.TokenHeader,
            [
                .. section.Tokens.GroupBy(token => token.Source, StringComparer.Ordinal)
                    .Select(source => new ReceiverSource(source.Key, source.Select(token => token.Token.Reveal()))),
            ],
            [.. section.Networks.Select(network => IPNetwork.Parse(network))]);
    }

    /// <summary>Returns the spool's options.</summary>
    /// <param name="folder">The data folder.</param>
    public static SpoolOptions Of(SpoolSection section, ProcessSection process, string folder)
    {
        ArgumentNullException.ThrowIfNull(section);
        ArgumentNullException.ThrowIfNull(process);
        return new SpoolOptions
        {
            Folder = Path.Combine(folder, SpoolFolder),
            Partitions = section.Partitions,
            SegmentBytes = section.SegmentBytes,
            MaxBytes = section.MaxBytes,
            ReserveBytes = section.ReserveBytes,
            MaxAge = section.MaxAge,
            DrainLimit = process.Drain,
        };
    }
}
