namespace CfLogStream.Server.Receiving;

/// <summary>What an upload was found to be.</summary>
internal enum UploadStatus
{
    /// <summary>Lines to be brought to the log.</summary>
    Batch = 0,

    /// <summary>Lines to be brought to the log piece by piece: more than should be in memory at once.</summary>
    LargeBatch,

    /// <summary>Nothing in it, or what Logpush sends to try a destination.</summary>
    Test,

    /// <summary>More than a limit allows.</summary>
    TooLarge,
}
