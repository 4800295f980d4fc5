namespace CfLogStream.Core.Logpush;

/// <summary>Where a line stands in its buffer, without its 0x0A.</summary>
public readonly record struct LineSpan(int Start, int Length);
