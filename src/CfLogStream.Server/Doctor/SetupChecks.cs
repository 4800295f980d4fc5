using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using CfLogStream.Server.Configuration;
using CfLogStream.Server.Setup;

namespace CfLogStream.Server.Doctor;

/// <summary>Checks what a valid configuration means on this machine: the receiver's address and certificate, its limits, the disk.</summary>
public static class SetupChecks
{
    private static readonly TimeSpan s_renewal = TimeSpan.FromDays(14);

    /// <summary>Checks a configuration.</summary>
    /// <param name="dataFolder">Where the service keeps its data.</param>
    public static IReadOnlyList<Finding> Run(CfLogStreamOptions options, string dataFolder, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(options);
        var findings = new List<Finding>();
        bool receives = options.Kafka.BootstrapServers.Length == 0 || options.Receiver.Listen.Length > 0;
        if (receives)
        {
            findings.Add(Address(options.Receiver));
            findings.Add(Tokens(options.Receiver));
            if (options.Receiver.CertificateFile.Length > 0)
            {
                findings.Add(Certificate(options.Receiver, now));
            }

            findings.Add(Limits(options.Receiver));
        }

        findings.AddRange(Disk(options, dataFolder));
        return findings;
    }

    private static Finding Address(ReceiverSection receiver)
    {
        const string Check = "receiver address";
        bool isLocal = receiver.Listen.Length == 0
            || (IPEndPoint.TryParse(receiver.Listen, out IPEndPoint? endpoint) && IPAddress.IsLoopback(endpoint.Address));
        string listen = receiver.Listen.Length == 0 ? "127.0.0.1:8787" : receiver.Listen;
        return isLocal
            ? Finding.Ok(Check, $"{listen}, for this machine only: a proxy with https must stand before it")
            : receiver.CertificateFile.Length > 0
            ? Finding.Ok(Check, $"{listen}, https")
            : Finding.Warning(
                Check,
                $"{listen} without a certificate",
                "Cloudflare pushes to https only, and tokens can be read on the way",
                "Give receiver.certificate_file and receiver.key_file, or listen on 127.0.0.1 behind a proxy with https.");
    }

    private static Finding Tokens(ReceiverSection receiver) => receiver.Tokens.Count > 0
        ? Finding.Ok(
            "receiver tokens",
            $"{receiver.Tokens.Count} for {receiver.Tokens.Select(token => token.Source).Distinct().Count()} sources")
        : receiver.Networks.Count > 0
        ? Finding.Warning(
            "receiver tokens",
            "none, only networks",
            "behind a proxy all senders have the proxy's address, and others can push from Cloudflare's network too",
            "Name a token in receiver.tokens.")
        : Finding.Warning("receiver tokens", "none", "who reaches the address can send records", "Name a token in receiver.tokens.");

    private static Finding Certificate(ReceiverSection receiver, DateTimeOffset now)
    {
        const string Check = "receiver certificate";
        try
        {
            using X509Certificate2 certificate = X509Certificate2.CreateFromPemFile(receiver.CertificateFile, receiver.KeyFile);
            DateTimeOffset end = certificate.NotAfter;
            if (end < now || certificate.NotBefore > now)
            {
                return Finding.Problem(
                    Check, $"valid from {certificate.NotBefore:u} to {end:u}", "Cloudflare refuses it: nothing arrives", "Renew the certificate.");
            }

            if (certificate.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData))
            {
                return Finding.Problem(
                    Check,
                    "signed by itself",
                    "Cloudflare refuses it: nothing arrives",
                    "Get one from a public authority.");
            }

            return end - now < s_renewal
                ? Finding.Warning(
                    Check,
                    $"valid until {end:u}",
                    "after that nothing arrives",
                    "Renew the certificate; it is read again when the file changes.")
                : Finding.Ok(Check, $"valid until {end:u}");
        }
        catch (Exception problem) when (problem is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            return Finding.Problem(
                Check,
                $"it cannot be read ({problem.Message})",
                "the receiver does not start",
                "Give a PEM file and its key without a password.");
        }
    }

    private static Finding Limits(ReceiverSection receiver)
    {
        const string Check = "receiver limits";
        if (receiver.InflatedBytes >= JobLimits.MostBytes && receiver.BodyBytes >= JobLimits.LeastBytes && receiver.Records >= JobLimits.MostRecords)
        {
            return Finding.Ok(Check, "they fit the largest upload of any job");
        }

        if (receiver.InflatedBytes < JobLimits.LeastBytes)
        {
            return Finding.Problem(
                Check,
                $"receiver.inflated_bytes is {receiver.InflatedBytes}, less than the least that a job can be limited to",
                "larger uploads are refused, come again and are dropped in the end",
                $"Raise receiver.inflated_bytes to {JobLimits.LeastBytes} or more.");
        }

        return Finding.Warning(
            Check,
            $"receiver.inflated_bytes is {receiver.InflatedBytes}, receiver.records is {receiver.Records}",
            "larger uploads are refused, come again and are dropped in the end",
            string.Create(
                CultureInfo.InvariantCulture,
                $"Set the jobs' max_upload_bytes to {Math.Min(receiver.InflatedBytes, JobLimits.MostBytes)} or less and max_upload_records to {Math.Min(receiver.Records, JobLimits.MostRecords)} or less."));
    }

    private static IEnumerable<Finding> Disk(CfLogStreamOptions options, string dataFolder)
    {
        const string Check = "disk";
        Finding finding;
        try
        {
            string folder = Path.GetFullPath(dataFolder);
            while (!Directory.Exists(folder) && Path.GetDirectoryName(folder) is { } parent)
            {
                folder = parent;
            }

            long free = new DriveInfo(folder).AvailableFreeSpace;
            long reserve = options.Spool.ReserveBytes;
            finding = options.Kafka.BootstrapServers.Length > 0
                ? Finding.Ok(Check, $"{free} bytes are free for the data folder")
                : free <= reserve
                ? Finding.Problem(
                    Check, $"{free} bytes are free, spool.reserve_bytes is {reserve}", "uploads are answered 503", "Make room, or lower spool.reserve_bytes.")
                : free < options.Spool.MaxBytes + reserve
                ? Finding.Warning(
                    Check,
                    $"{free} bytes are free, less than spool.max_bytes ({options.Spool.MaxBytes}) and spool.reserve_bytes ({reserve}) together",
                    "when ClickHouse is away, uploads are answered 503 before the spool is full",
                    "Make room, or lower spool.max_bytes.")
                : Finding.Ok(Check, $"{free} bytes are free");
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or ArgumentException)
        {
            finding = Finding.Warning(
                Check,
                $"the data folder cannot be looked at ({problem.Message})",
                "whether there is room is not known",
                "");
        }

        yield return finding;
    }
}
