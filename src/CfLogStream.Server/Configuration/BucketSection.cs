namespace CfLogStream.Server.Configuration;

/// <summary>A bucket of an S3-compatible service (Cloudflare R2, AWS S3, MinIO) that Logpush stores objects in.</summary>
public sealed record BucketSection
{
    /// <summary>A name for it in messages and metrics. The checkpoint is kept under it: another name reads everything again.</summary>
    /// <value>must be given.</value>
    public string Name { get; init; } = "";

    /// <summary>The URL of the service, for instance <c>https://ACCOUNT.r2.cloudflarestorage.com</c>.</summary>
    /// <value>empty, which is AWS in <c>region</c>.</value>
    public string Endpoint { get; init; } = "";

    /// <summary>The region that requests are signed for.</summary>
    /// <value>empty, which is <c>auto</c>, as R2 wants it; AWS needs one.</value>
    public string Region { get; init; } = "";

    /// <summary>The name of the bucket.</summary>
    /// <value>must be given.</value>
    public string Bucket { get; init; } = "";

    /// <summary>What keys begin with. <c>{DATE}</c> stands for the day, as in Logpush's destinations.</summary>
    /// <value>empty, which is the whole bucket.</value>
    /// <remarks>With <c>{DATE}</c> only the days within <c>look_back_secs</c> are listed, and one more on each side; without it, every
    /// listing is of all objects the bucket has under the prefix.</remarks>
    public string Prefix { get; init; } = "";

    /// <summary>How <c>{DATE}</c> is written.</summary>
    /// <value><c>yyyyMMdd</c>, as Logpush writes it.</value>
    public string DateFormat { get; init; } = "yyyyMMdd";

    /// <summary>How long to wait between two listings.</summary>
    /// <value>30 seconds.</value>
    public TimeSpan Poll { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>For how long after newer ones an object may still appear, by the bucket's clock. What appears later is not read.</summary>
    /// <value>86,400 seconds (1 day).</value>
    /// <remarks>The checkpoint has a row for each object of this time.</remarks>
    public TimeSpan LookBack { get; init; } = TimeSpan.FromDays(1);

    /// <summary>Objects that are fetched and unpacked at the same time.</summary>
    /// <value>4.</value>
    /// <remarks>Each takes memory for its slices, and for its bytes up to 4 MiB; larger ones wait in a file.</remarks>
    public int Parallel { get; init; } = 4;

    /// <summary>The time (UTC) from which on objects are read when there is no checkpoint yet: <c>2026-11-20</c> or
    /// <c>2026-11-20T10:15:00Z</c>.</summary>
    /// <value>empty, which is <c>look_back_secs</c> before the first listing.</value>
    public string Start { get; init; } = "";

    /// <summary>The beginning (UTC) of a span of records to read besides, of objects stored before the checkpoint began.</summary>
    /// <value>empty.</value>
    /// <remarks>May be left there: every object is read once.</remarks>
    public string BackfillFrom { get; init; } = "";

    /// <summary>The end (UTC, exclusive) of that span.</summary>
    /// <value>empty.</value>
    public string BackfillTo { get; init; } = "";

    /// <summary>The name of the environment variable that holds the access key's id.</summary>
    /// <value>empty.</value>
    public string AccessKeyEnv { get; init; } = "";

    /// <summary>A file that holds the access key's id.</summary>
    /// <value>empty.</value>
    public string AccessKeyFile { get; init; } = "";

    /// <summary>The name of the environment variable that holds the secret access key.</summary>
    /// <value>empty.</value>
    public string SecretKeyEnv { get; init; } = "";

    /// <summary>A file that holds the secret access key.</summary>
    /// <value>empty.</value>
    public string SecretKeyFile { get; init; } = "";

    /// <summary>The id that the reference led to. It is no key of the file.</summary>
    public Secret AccessKey { get; init; } = Secret.None;

    /// <summary>The secret that the reference led to. It is no key of the file.</summary>
    public Secret SecretKey { get; init; } = Secret.None;
}
