namespace CfLogStream.Core.Logpush;

/// <summary>Enumerates the elements of an array field as texts; nested arrays and objects come as their JSON.</summary>
public ref struct TextElements
{
    private readonly LogRecord _record;
    private readonly FieldSlot _field;
    private int _next;
    private ReadOnlySpan<byte> _current;

    internal TextElements(LogRecord record, FieldSlot field)
    {
        _record = record;
        _field = field;
        _next = field.Kind == FieldKind.Array ? field.Start + 1 : field.Start;
    }

    /// <summary>The element; valid until the record is reset.</summary>
    public readonly ReadOnlySpan<byte> Current => _current;

    public readonly TextElements GetEnumerator() => this;

    /// <summary>Moves on to the next element.</summary>
    public bool MoveNext()
    {
        int end = _field.Start + _field.Length;
        switch (_field.Kind)
        {
            case FieldKind.Array:
                return JsonValue.TryReadNext(_record, ref _next, end - 1, out _current);
            case FieldKind.Absent or FieldKind.Null:
                return false;
            default:
                if (_next < 0 || _field.Length == 0)
                {
                    return false;
                }

                _next = -1;
                FieldSlot slot = _field.Kind == FieldKind.EscapedText ? _record.Decode(_field.Start, _field.Length) : _field;
                _current = slot.Kind == FieldKind.DecodedText ? _record.Decoded(slot) : _record.Raw(slot.Start, slot.Length);
                return true;
        }
    }
}
