namespace CfLogStream.Server.Configuration;

/// <summary>One thing that is wrong with a configuration, and where.</summary>
/// <param name="File">The file as the user named it.</param>
/// <param name="Line">1-based; 0 when the problem has no line.</param>
/// <param name="Column">1-based; 0 when the problem has no column.</param>
/// <param name="Key">The full key, for instance <c>reader.max_line_bytes</c>; empty when it is about the file.</param>
/// <param name="Message">A full sentence or two: what was found, what was expected, what to do.</param>
public sealed record ConfigurationProblem(string File, int Line, int Column, string Key, string Message)
{
    /// <summary>Returns the problem on one line, in the form editors make clickable: <c>file:line:column: message</c>.</summary>
    public override string ToString() => Line > 0 ? $"{File}:{Line}:{Column}: {Message}" : $"{File}: {Message}";
}
