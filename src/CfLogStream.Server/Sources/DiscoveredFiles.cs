namespace CfLogStream.Server.Sources;

/// <summary>What the paths of a command line come to.</summary>
/// <param name="Files">The files to read, each once, in the order of the arguments and by name within one.</param>
/// <param name="Skipped">Files that were left out because they hold no records.</param>
/// <param name="Errors">Arguments that match nothing, and what cannot be read.</param>
public sealed record DiscoveredFiles(IReadOnlyList<LogFile> Files, IReadOnlyList<SkippedFile> Skipped, IReadOnlyList<SourceError> Errors);

/// <summary>A file that holds no records.</summary>
/// <param name="Why">A noun phrase, for instance <c>an empty file</c>.</param>
public sealed record SkippedFile(string Path, string Why);
