namespace CfLogStream.Benchmarks.Receive;

/// <summary>A generated upload, gzip.</summary>
/// <param name="End">The end of the time that it covers, from its name.</param>
/// <param name="IsRepeat">An upload before it has the same content: it is the same one, sent again.</param>
internal sealed record Upload(string File, long Records, long JsonBytes, DateTimeOffset End, bool IsRepeat);
