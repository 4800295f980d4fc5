using System.Globalization;
using System.IO.Compression;
using System.IO.Hashing;
using CfLogStream.Benchmarks.Peers;

namespace CfLogStream.Benchmarks.Receive;

/// <summary>All uploads of a load, in the order of their times; the datasets come in between each other.</summary>
internal sealed record UploadLoad(IReadOnlyList<Upload> Uploads)
{
    /// <summary>Records that are sent, those of uploads that come again included.</summary>
    public long Records => Uploads.Sum(upload => upload.Records);

    /// <summary>Records that must be received: those of an upload that comes again are the same ones.</summary>
    public long Distinct => Uploads.Where(upload => !upload.IsRepeat).Sum(upload => upload.Records);

    public long JsonBytes => Uploads.Sum(upload => upload.JsonBytes);

    /// <summary>Reads what the uploads hold.</summary>
    public static UploadLoad Read(PeerInput input)
    {
        var seen = new HashSet<UInt128>();
        byte[] buffer = new byte[1 << 20];
        return new UploadLoad([.. input.Files.OrderBy(Path.GetFileName, StringComparer.Ordinal).Select(file => Read(file, seen, buffer))]);
    }

    private static Upload Read(string file, HashSet<UInt128> seen, byte[] buffer)
    {
        using FileStream stored = File.OpenRead(file);
        using var lines = new GZipStream(stored, CompressionMode.Decompress);
        var hash = new XxHash128();
        long records = 0;
        long bytes = 0;
        int count;
        while ((count = lines.Read(buffer)) > 0)
        {
            hash.Append(buffer.AsSpan(0, count));
            records += buffer.AsSpan(0, count).Count((byte)'\n');
            bytes += count;
        }

        return new Upload(file, records, bytes, EndOf(file), !seen.Add(hash.GetCurrentHashAsUInt128()));
    }

    /// <summary>Returns the second of the two times in a name such as <c>20260806T120000Z_20260806T120030Z_1f3a9c04.log.gz</c>.</summary>
    private static DateTimeOffset EndOf(string file) => DateTimeOffset.ParseExact(
        Path.GetFileName(file).Split('_')[1], "yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}
