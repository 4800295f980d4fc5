namespace CfLogStream.Core.Logpush;

/// <summary>Where a field's value stands in the line's buffer.</summary>
public readonly record struct FieldSlot(int Start, int Length, FieldKind Kind);
