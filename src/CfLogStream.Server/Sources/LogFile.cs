namespace CfLogStream.Server.Sources;

/// <summary>A file of Logpush records, or standard input.</summary>
/// <param name="Path">Where it is; <c>-</c> for standard input.</param>
/// <param name="Length">Bytes as stored; 0 when that is not known.</param>
public sealed record LogFile(string Path, long Length)
{
    /// <summary>The argument that means standard input.</summary>
    public const string StandardInput = "-";

    /// <summary>The name under which rows and messages speak of it.</summary>
    public string Name => Path == StandardInput ? "standard input" : Path;

    /// <summary>Opens the bytes as they are stored.</summary>
    internal Stream Open() => Path == StandardInput
        ? Console.OpenStandardInput()
        : new FileStream(Path, new FileStreamOptions
        {
            Mode = FileMode.Open,
            Access = FileAccess.Read,
            Share = FileShare.ReadWrite | FileShare.Delete,
            Options = FileOptions.SequentialScan,
            BufferSize = 0,
        });
}
