using System.IO.Compression;

namespace CfLogStream.Core.Tests.Logpush;

/// <summary>Other projects' records, which lie beside the checkout and not in it.</summary>
internal static class SampleFiles
{
    private const string Variable = "CFLOGSTREAM_SAMPLES";

    /// <summary>Reads a file, inflated; skips the test when the samples are absent.</summary>
    public static byte[] Read(string name)
    {
        string path = Path.Combine(Folder(), name);
        using FileStream file = File.OpenRead(path);
        using Stream content = name.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : file;
        using var bytes = new MemoryStream();
        content.CopyTo(bytes);
        return bytes.ToArray();
    }

    /// <summary>Lists the files that hold records; skips the test when the samples are absent.</summary>
    public static IEnumerable<string> Names() =>
        Directory.GetFiles(Folder()).Select(path => Path.GetFileName(path)).Where(name => !name.EndsWith(".md", StringComparison.Ordinal)).Order();

    private static string Folder()
    {
        string? folder = Environment.GetEnvironmentVariable(Variable);
        if (string.IsNullOrEmpty(folder))
        {
            DirectoryInfo? checkout = new(AppContext.BaseDirectory);
            while (checkout is not null && !File.Exists(Path.Combine(checkout.FullName, "CfLogStream.sln")))
            {
                checkout = checkout.Parent;
            }

            folder = Path.Combine(checkout?.Parent?.FullName ?? "/", "shared", "samples");
        }

        Assert.SkipUnless(Directory.Exists(folder), $"The sample records are not at '{folder}'; set {Variable} to where they are.");
        return folder;
    }
}
