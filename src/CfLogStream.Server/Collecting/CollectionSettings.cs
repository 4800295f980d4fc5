using System.Globalization;
using CfLogStream.Server.Configuration;
using CfLogStream.Server.Receiving;

namespace CfLogStream.Server.Collecting;

/// <summary>Makes places and their options from the configuration.</summary>
internal static class CollectionSettings
{
    /// <summary>Reads a time of the configuration: <c>2026-11-20</c> or <c>2026-11-20T10:15:00Z</c>, in UTC.</summary>
    public static bool TryReadTime(string text, out DateTimeOffset time) => DateTimeOffset.TryParseExact(
        text,
        ["yyyy-MM-dd", "yyyy-MM-dd'T'HH:mm'Z'", "yyyy-MM-dd'T'HH:mm:ss'Z'"],
        CultureInfo.InvariantCulture,
        DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
        out time);

    public static CollectorOptions Of(BucketSection bucket, ReceiverOptions uploads, string folder) => new()
    {
        Name = "bucket " + bucket.Name,
        Poll = bucket.Poll,
        LookBack = bucket.LookBack,
        Parallel = bucket.Parallel,
        Start = TryReadTime(bucket.Start, out DateTimeOffset start) ? start : null,
        Backfill = TryReadTime(bucket.BackfillFrom, out DateTimeOffset from) && TryReadTime(bucket.BackfillTo, out DateTimeOffset to) ? (from, to) : null,
        Uploads = uploads,
        Folder = folder,
    };

    public static CollectorOptions Of(FolderSection section, ReceiverOptions uploads, string folder) => new()
    {
        Name = "folder " + section.Name,
        Poll = section.Poll,
        LookBack = TimeSpan.Zero,
        Parallel = section.Parallel,
        Uploads = uploads,
        Folder = folder,
    };

    public static IObjectPlace Open(BucketSection bucket) => new BucketPlace(new BucketOptions
    {
        Endpoint = bucket.Endpoint.Length > 0 ? new Uri(bucket.Endpoint) : null,
        Region = bucket.Region,
        Bucket = bucket.Bucket,
        Prefix = new DatePrefix(bucket.Prefix, bucket.DateFormat),
        AccessKey = bucket.AccessKey.Reveal(),
        SecretKey = bucket.SecretKey.Reveal(),
    });

    public static IObjectPlace Open(FolderSection section, TimeProvider time) => new FolderPlace(section.Path, section.Pattern, section.Settle, time);
}
