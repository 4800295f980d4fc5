namespace CfLogStream.Core.Logpush;

/// <summary>Enumerates the members of an object field as name and value texts; nested values come as their JSON.</summary>
public ref struct TextMembers
{
    private readonly LogRecord _record;
    private readonly FieldSlot _field;
    private int _next;
    private ReadOnlySpan<byte> _name;
    private ReadOnlySpan<byte> _value;

    internal TextMembers(LogRecord record, FieldSlot field)
    {
        _record = record;
        _field = field;
        _next = field.Start + 1;
    }

    public readonly ReadOnlySpan<byte> Name => _name;

    public readonly ReadOnlySpan<byte> Value => _value;

    public readonly TextMembers GetEnumerator() => this;

    public readonly TextMembers Current => this;

    /// <summary>Moves on to the next member.</summary>
    public bool MoveNext()
    {
        int end = _field.Start + _field.Length - 1;
        return _field.Kind == FieldKind.Object
            && JsonValue.TryReadNext(_record, ref _next, end, out _name)
            && JsonValue.TryReadNext(_record, ref _next, end, out _value);
    }
}
