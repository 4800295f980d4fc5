using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using CfLogStream.EndToEnd.Tests.Support;

namespace CfLogStream.EndToEnd.Tests.Collecting;

/// <summary>An S3 server in a process of its own, with one bucket; a client to store objects with.</summary>
public sealed class ObjectServer : IAsyncLifetime
{
    public const string Bucket = "logs";
    public const string Key = "S3RVER";

    private readonly TemporaryFolder _folder = new();
    private Process? _process;
    private AmazonS3Client? _client;

    public Uri Endpoint { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        // Nested, because this server lets keys with '..' leave its folder.
        Directory.CreateDirectory(Folder);
        _process = Process.Start(new ProcessStartInfo("node", [Path.Combine(NodeFolder(), "s3.mjs"), Folder, "0"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        string? port = await _process.StandardOutput.ReadLineAsync();
        Assert.True(int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out _), $"The S3 server said '{port}'.");
        Endpoint = new Uri($"http://127.0.0.1:{port}");
        _client = new AmazonS3Client(new BasicAWSCredentials(Key, Key), new AmazonS3Config
        {
            ServiceURL = Endpoint.ToString(),
            ForcePathStyle = true,
            AuthenticationRegion = "auto",
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
        });
    }

    public async Task PutAsync(string key, byte[] content)
    {
        using var body = new MemoryStream(content);
        await _client!.PutObjectAsync(new PutObjectRequest { BucketName = Bucket, Key = key, InputStream = body }, TestContext.Current.CancellationToken);
    }

    /// <summary>Changes when an object was stored.</summary>
    public void Backdate(string key, DateTime time) =>
        File.SetLastWriteTimeUtc(Path.Combine(Folder, Bucket, key + "._S3rver_object"), time);

    public async ValueTask DisposeAsync()
    {
        _client?.Dispose();
        if (_process is not null)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
            _process.Dispose();
        }

        _folder.Dispose();
    }

    private string Folder => _folder.Combine("a/b/c/objects");

    private static string NodeFolder([CallerFilePath] string file = "") => Path.Combine(Path.GetDirectoryName(file)!, "..", "node");
}
