using CfLogStream.Server.Configuration;

namespace CfLogStream.Server.Setup;

/// <summary>How large the uploads of a job may be.</summary>
/// <param name="Bytes"><c>max_upload_bytes</c>: bytes of an upload when inflated.</param>
/// <param name="Records"><c>max_upload_records</c>.</param>
/// <param name="Seconds"><c>max_upload_interval_seconds</c>.</param>
public sealed record JobLimits(long Bytes, int Records, int Seconds)
{
    /// <summary>The range of <c>max_upload_bytes</c>: 5 MB to 1 GB.</summary>
    public const long LeastBytes = 5_000_000;

    public const long MostBytes = 1_000_000_000;

    /// <summary>The range of <c>max_upload_records</c>.</summary>
    public const int LeastRecords = 1_000;

    public const int MostRecords = 1_000_000;

    /// <summary>The range of <c>max_upload_interval_seconds</c>.</summary>
    public const int LeastSeconds = 30;

    public const int MostSeconds = 300;

    // A tenth of the largest, which still is much more than real uploads have: less memory and a shorter way for each.
    private const long UsualBytes = 100_000_000;
    private const int UsualRecords = 100_000;

    /// <summary>Returns limits that this receiver takes.</summary>
    /// <param name="bytes">What is wished for; null for what is usual. So with the others.</param>
    /// <exception cref="SetupException">They are out of Logpush's range, or more than the receiver takes.</exception>
    public static JobLimits For(ReceiverSection receiver, long? bytes, int? records, int? seconds)
    {
        ArgumentNullException.ThrowIfNull(receiver);
        return new JobLimits(
            Choose(
                "--upload-bytes",
                bytes,
                Math.Min(UsualBytes, receiver.InflatedBytes),
                LeastBytes,
                MostBytes,
                "receiver.inflated_bytes",
                receiver.InflatedBytes),
            (int)Choose(
                "--upload-records",
                records,
                Math.Min(UsualRecords, receiver.Records),
                LeastRecords,
                MostRecords,
                "receiver.records",
                receiver.Records),
            (int)Choose("--upload-secs", seconds, LeastSeconds, LeastSeconds, MostSeconds, "", long.MaxValue));
    }

    private static long Choose(string option, long? wished, long usual, long least, long most, string key, long taken)
    {
        long value = wished ?? usual;
        if (wished is not null && (value < least || value > most))
        {
            throw new SetupException($"The value of '{option}' is {value}; Logpush takes {least} to {most}.");
        }

        if (value > taken)
        {
            throw new SetupException(
                $"The value of '{option}' is {value}, and the receiver takes at most {taken} ({key}): larger uploads would be refused and come "
                    + "again until they are dropped. Lower the one or raise the other.");
        }

        return value >= least
            ? value
            : throw new SetupException($"{key} is {taken}, and a Logpush job cannot be limited to less than {least}: raise {key}.");
    }
}
