using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;

namespace CfLogStream.Server.Receiving;

/// <summary>A certificate from files, read again when they change: whoever renews it need not restart anything.</summary>
internal sealed partial class ReceiverCertificate
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(10);

    private readonly string _certificateFile;
    private readonly string _keyFile;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Lock _gate = new();
    private X509Certificate2 _certificate;
    private DateTime _written;
    private long _looked;

    /// <exception cref="IOException">They cannot be read.</exception>
    /// <exception cref="CryptographicException">They are no certificate and its key.</exception>
    public ReceiverCertificate(string certificateFile, string keyFile, TimeProvider time, ILogger logger)
    {
        _certificateFile = certificateFile;
        _keyFile = keyFile;
        _time = time;
        _logger = logger;
        _written = Written();
        _looked = time.GetTimestamp();
        _certificate = Load();
    }

    /// <summary>Returns the certificate for a new connection.</summary>
    public X509Certificate2 Current()
    {
        lock (_gate)
        {
            long now = _time.GetTimestamp();
            if (_time.GetElapsedTime(_looked, now) < s_interval)
            {
                return _certificate;
            }

            _looked = now;
            try
            {
                DateTime written = Written();
                if (written != _written)
                {
                    _certificate = Load();
                    _written = written;
                    LogRenewed(_certificateFile, _certificate.NotAfter);
                }
            }
            catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or CryptographicException)
            {
                // Half-written perhaps: the old one is good until the next look.
                LogUnreadable(_certificateFile, problem.Message);
            }

            return _certificate;
        }
    }

    [LoggerMessage(1410, LogLevel.Information, "The certificate '{File}' was read again; it is valid until {NotAfter}.")]
    private partial void LogRenewed(string file, DateTime notAfter);

    [LoggerMessage(1411, LogLevel.Warning, "The certificate '{File}' has changed and cannot be read; the one before is used. {Reason}")]
    private partial void LogUnreadable(string file, string reason);

    private DateTime Written() => new[] { _certificateFile, _keyFile }.Max(File.GetLastWriteTimeUtc);

    private X509Certificate2 Load() => X509Certificate2.CreateFromPemFile(_certificateFile, _keyFile);
}
