namespace CfLogStream.Server.Analysis;

/// <summary>How far an analysis is.</summary>
/// <param name="BytesRead">Bytes of files read, as stored.</param>
/// <param name="BytesTotal">Bytes of all files; 0 when unknown (standard input).</param>
/// <param name="LineBytes">Bytes of lines parsed.</param>
/// <param name="Records">Records parsed.</param>
public readonly record struct AnalysisProgress(long BytesRead, long BytesTotal, long LineBytes, long Records);
