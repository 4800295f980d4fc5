namespace CfLogStream.Server.Collecting;

/// <summary>An S3-compatible bucket and how to speak to it.</summary>
internal sealed record BucketOptions
{
    /// <summary>The URL of the service; null for AWS itself.</summary>
    public Uri? Endpoint { get; init; }

    public required string Region { get; init; }

    public required string Bucket { get; init; }

    public required DatePrefix Prefix { get; init; }

    public required string AccessKey { get; init; }

    public required string SecretKey { get; init; }

    /// <summary>How long a page of a listing may take.</summary>
    /// <value>1 minute.</value>
    public TimeSpan ListLimit { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long an object may stop arriving.</summary>
    /// <value>30 seconds.</value>
    public TimeSpan StallLimit { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long an object may take to arrive.</summary>
    /// <value>10 minutes.</value>
    public TimeSpan ObjectLimit { get; init; } = TimeSpan.FromMinutes(10);
}
