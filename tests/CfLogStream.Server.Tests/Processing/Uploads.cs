using CfLogStream.Generator;

namespace CfLogStream.Server.Tests.Processing;

/// <summary>Generated uploads, in a folder and in the order in which they came.</summary>
internal static class Uploads
{
    /// <summary>Generates uploads into a folder.</summary>
    public static async Task<IReadOnlyList<Upload>> GenerateAsync(string folder, GeneratorOptions options)
    {
        await new LogpushGenerator(options with { Folder = folder, Compress = false }).RunAsync(null, TestContext.Current.CancellationToken);
        return
        [
            .. new DirectoryInfo(folder).GetFiles("*.log*", SearchOption.AllDirectories)
                .Select(file => new Upload(file.FullName, file.LastWriteTimeUtc, File.ReadAllBytes(file.FullName)))
                .OrderBy(upload => upload.DeliveredAt).ThenBy(upload => upload.Path, StringComparer.Ordinal),
        ];
    }

    /// <summary>Appends uploads to a log in their order.</summary>
    public static void AppendTo(TestLog log, IEnumerable<Upload> uploads)
    {
        foreach (Upload upload in uploads)
        {
            log.Append("files", (upload.DeliveredAt - DateTime.UnixEpoch).Ticks * 100, upload.Bytes);
        }
    }

    internal sealed record Upload(string Path, DateTime DeliveredAt, byte[] Bytes);
}
