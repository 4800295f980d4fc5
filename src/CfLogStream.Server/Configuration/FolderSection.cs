namespace CfLogStream.Server.Configuration;

/// <summary>A folder that others put files of records into: every finished file is read once.</summary>
public sealed record FolderSection
{
    /// <summary>A name for it in messages and metrics. The checkpoint is kept under it: another name reads everything again.</summary>
    /// <value>must be given.</value>
    public string Name { get; init; } = "";

    /// <summary>The folder; its subfolders are read too, links are not.</summary>
    /// <value>must be given.</value>
    public string Path { get; init; } = "";

    /// <summary>What names of files look like, with <c>*</c> and <c>?</c>. Hidden files, and names that end like those of unfinished ones
    /// (<c>.tmp</c>, <c>.part</c> …), are never read.</summary>
    /// <value><c>*</c>, which is all.</value>
    public string Pattern { get; init; } = "*";

    /// <summary>How long a file is unchanged before it is finished.</summary>
    /// <value>10 seconds; 0 is right where files are moved in whole.</value>
    public TimeSpan Settle { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long to wait between two listings.</summary>
    /// <value>5 seconds.</value>
    public TimeSpan Poll { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Files that are read and unpacked at the same time.</summary>
    /// <value>2.</value>
    public int Parallel { get; init; } = 2;
}
