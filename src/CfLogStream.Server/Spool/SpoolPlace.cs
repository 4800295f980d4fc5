namespace CfLogStream.Server.Spool;

/// <summary>How far a partition was read.</summary>
/// <param name="Segment">The first offset of the segment that is being read.</param>
/// <param name="Position">The byte in its file that comes next.</param>
internal sealed record SpoolPlace(long Segment, long Position);
