namespace CfLogStream.Server.Collecting;

/// <summary>An object as a listing shows it.</summary>
/// <param name="Key">Its name in its place. It is text from outside: it never becomes a path of this machine outside the place.</param>
/// <param name="Tag">What tells one content from another: the ETag, or length and time of a file.</param>
/// <param name="Length">Its bytes as stored.</param>
/// <param name="ModifiedNs">When it was stored, in nanoseconds since 1970-01-01 UTC, by the clock of the place.</param>
internal readonly record struct ObjectEntry(string Key, string Tag, long Length, long ModifiedNs)
{
    private static readonly DateTime s_last = new(2262, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>Returns a time in nanoseconds; what is outside of what such a number can say becomes the nearest that it can.</summary>
    public static long NanosecondsOf(DateTime time)
    {
        DateTime utc = time.ToUniversalTime();
        utc = utc < DateTime.UnixEpoch ? DateTime.UnixEpoch : utc > s_last ? s_last : utc;
        return (utc.Ticks - DateTime.UnixEpoch.Ticks) * 100;
    }
}
