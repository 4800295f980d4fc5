using System.Globalization;
using System.Security.Cryptography;
using CfLogStream.Benchmarks.Layers.Input;
using CfLogStream.Generator;

namespace CfLogStream.Benchmarks.Peers;

/// <summary>The files that every engine is asked about: the same records plain and as gzip, generated once and kept.</summary>
/// <remarks>Only the folders of the two datasets are read by anybody; the ledger and the audit logs lie beside them.</remarks>
internal sealed class PeerInput
{
    public const string Scenario = "custom-rule-hits-api";
    public const ulong Seed = 1;

    /// <summary>The folders that are read.</summary>
    public static readonly string[] DatasetNames = ["http_requests", "firewall_events"];

    private PeerInput(string folder, bool isGzip)
    {
        Folder = folder;
        IsGzip = isGzip;
        Files =
        [
            .. Datasets.SelectMany(dataset => Directory.EnumerateFiles(dataset, "*", SearchOption.AllDirectories))
                .Order(StringComparer.Ordinal),
        ];
        StoredBytes = Files.Sum(file => new FileInfo(file).Length);
    }

    /// <summary>The folder above the datasets.</summary>
    public string Folder { get; }

    public bool IsGzip { get; }

    public IEnumerable<string> Datasets => DatasetNames.Select(dataset => Path.Combine(Folder, dataset));

    public IReadOnlyList<string> Files { get; }

    public long StoredBytes { get; }

    /// <summary>Returns the files in both forms, generating what is missing or was made by another generator.</summary>
    public static async Task<(PeerInput Plain, PeerInput Gzip)> PrepareAsync(PeerOptions options, string program, TextWriter output)
    {
        string rate = options.Rate?.ToString(CultureInfo.InvariantCulture) ?? "usual";
        string key = string.Create(CultureInfo.InvariantCulture, $"{options.Bytes}-{rate}");
        string folder = Path.GetFullPath(Path.Combine(options.Data, key));
        string mark = Path.Combine(folder, "generator");
        string generator = await GeneratorMarkAsync().ConfigureAwait(false);
        string plain = Path.Combine(folder, "plain");
        string gzip = Path.Combine(folder, "gzip");
        if (!File.Exists(mark) || await File.ReadAllTextAsync(mark).ConfigureAwait(false) != generator)
        {
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }

            await GenerateAsync(options, program, plain, output, "--plain").ConfigureAwait(false);
            await GenerateAsync(options, program, gzip, output).ConfigureAwait(false);
            await File.WriteAllTextAsync(mark, generator).ConfigureAwait(false);
        }

        return (new PeerInput(plain, isGzip: false), new PeerInput(gzip, isGzip: true));
    }

    /// <summary>The command line that generates these files.</summary>
    public static string[] Arguments(PeerOptions options, string folder, params string[] more) =>
    [
        "generate", "--scenario", Scenario, "--seed", Seed.ToString(CultureInfo.InvariantCulture),
        "--bytes", options.Bytes.ToString(CultureInfo.InvariantCulture),
        .. options.Rate is { } rate ? (string[])["--rate", rate.ToString(CultureInfo.InvariantCulture)] : [], .. more, "--out", folder,
    ];

    /// <summary>Reads every file once, so that all engines find them in the page cache.</summary>
    public void Warm()
    {
        byte[] buffer = new byte[1 << 20];
        foreach (string file in Files)
        {
            using Microsoft.Win32.SafeHandles.SafeFileHandle handle = File.OpenHandle(file);
            long offset = 0;
            int count;
            while ((count = RandomAccess.Read(handle, buffer, offset)) > 0)
            {
                offset += count;
            }
        }
    }

    /// <summary>Counts the records: lines of plain files.</summary>
    public (long HttpRequests, long FirewallEvents) CountRecords()
    {
        long[] lines = [.. Datasets.Select(dataset => FilesOf(dataset).Sum(CountLines))];
        return (lines[0], lines[1]);

        IEnumerable<string> FilesOf(string dataset) => Files.Where(file => file.StartsWith(dataset + '/', StringComparison.Ordinal));
    }

    /// <summary>Returns a hash of what the generator makes of some small runs: other bytes, another generator.</summary>
    private static async Task<string> GeneratorMarkAsync()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (double? rate in (double?[])[null, 100])
        {
            var uploads = new MemoryUploads(DatasetNames);
            var options = new GeneratorOptions
            {
                Scenario = Scenario,
                Seed = Seed,
                Records = 3000,
                Rate = rate,
                Compress = false,
                Uploads = uploads,
            };
            await new LogpushGenerator(options).RunAsync(progress: null, CancellationToken.None).ConfigureAwait(false);
            hash.AppendData(uploads.Take());
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static long CountLines(string file)
    {
        byte[] buffer = new byte[1 << 20];
        using Microsoft.Win32.SafeHandles.SafeFileHandle handle = File.OpenHandle(file);
        long offset = 0;
        long lines = 0;
        int count;
        while ((count = RandomAccess.Read(handle, buffer, offset)) > 0)
        {
            lines += buffer.AsSpan(0, count).Count((byte)'\n');
            offset += count;
        }

        return lines;
    }

    private static async Task GenerateAsync(PeerOptions options, string program, string folder, TextWriter output, params string[] more)
    {
        string[] arguments = Arguments(options, folder, more);
        await output.WriteLineAsync($"cflogstream {string.Join(' ', arguments)}").ConfigureAwait(false);
        MeasuredProcess generated = await MeasuredProcess.RunAsync(program, arguments).ConfigureAwait(false);
        if (generated.ExitCode != 0)
        {
            throw new InvalidOperationException($"Generating failed: {generated.Error}");
        }
    }
}
