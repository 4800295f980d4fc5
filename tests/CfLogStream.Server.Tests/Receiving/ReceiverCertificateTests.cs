using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using CfLogStream.Server.Receiving;
using CfLogStream.Server.Tests.Sources;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace CfLogStream.Server.Tests.Receiving;

public sealed class ReceiverCertificateTests
{
    [Fact]
    public void Certificate_WhenItsFilesChange_IsReadAgainUnlessTheyAreBroken()
    {
        using var folder = new TemporaryFolder();
        string file = Path.Combine(folder.Path, "cert.pem");
        string key = Path.Combine(folder.Path, "key.pem");
        var time = new FakeTimeProvider();
        string first = Write(file, key, 1);
        var certificate = new ReceiverCertificate(file, key, time, NullLogger.Instance);
        Assert.Equal(first, certificate.Current().Thumbprint);

        string second = Write(file, key, 2);
        Assert.Equal(first, certificate.Current().Thumbprint);
        time.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal(second, certificate.Current().Thumbprint);

        File.WriteAllText(file, "-----BEGIN CERT");
        File.SetLastWriteTimeUtc(file, new DateTime(2030, 1, 3, 0, 0, 0, DateTimeKind.Utc));
        time.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal(second, certificate.Current().Thumbprint);
    }

    private static string Write(string file, string key, int day)
    {
        using var ecdsa = ECDsa.Create();
        var request = new CertificateRequest("CN=receiver.example", ecdsa, HashAlgorithmName.SHA256);
        using X509Certificate2 made = request.CreateSelfSigned(
            new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2036, 1, 1, 0, 0, 0, TimeSpan.Zero));
        File.WriteAllText(file, made.ExportCertificatePem());
        File.WriteAllText(key, ecdsa.ExportPkcs8PrivateKeyPem());
        File.SetLastWriteTimeUtc(file, new DateTime(2030, 1, day, 0, 0, 0, DateTimeKind.Utc));
        return made.Thumbprint;
    }
}
