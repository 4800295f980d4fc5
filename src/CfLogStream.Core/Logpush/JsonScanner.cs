using System.Buffers;

namespace CfLogStream.Core.Logpush;

/// <summary>Steps over the values of one line and checks that they are well-formed JSON (RFC 8259).</summary>
/// <remarks>
/// Every method takes the index of a value's first byte and returns the index behind it, or -1 with <see cref="Status"/> and
/// <see cref="Column"/> set. Reaching the end of the line is always <see cref="ReadStatus.CutLine"/>: inside an object there is more
/// to come. Lone surrogate escapes are accepted (they decode to U+FFFD); bytes of 0x80 and above are accepted inside strings, where
/// the reader checks them as UTF-8 for the whole line at once. Whether the line has any control character is asked once too, so that
/// nearly every string is scanned for two bytes only.
/// </remarks>
internal ref struct JsonScanner
{
    private static readonly SearchValues<byte> s_stringStops = SearchValues.Create(
        [.. "\"\\"u8, .. Enumerable.Range(0, 32).Select(control => (byte)control)]);

    private readonly ReadOnlySpan<byte> _json;
    private readonly Span<ulong> _objectAtDepth;
    private readonly int _maxDepth;
    private readonly bool _hasControl;

    /// <param name="objectAtDepth">A bit per depth, at least <paramref name="maxDepth"/> + 1 of them.</param>
    public JsonScanner(ReadOnlySpan<byte> json, Span<ulong> objectAtDepth, int maxDepth)
        : this(json, objectAtDepth, maxDepth, hasControl: json.IndexOfAnyInRange((byte)0, (byte)0x1F) >= 0)
    {
    }

    /// <param name="hasControl">Whether there is any control character in the line.</param>
    public JsonScanner(ReadOnlySpan<byte> json, Span<ulong> objectAtDepth, int maxDepth, bool hasControl)
    {
        _json = json;
        _objectAtDepth = objectAtDepth;
        _maxDepth = maxDepth;
        _hasControl = hasControl;
        Status = ReadStatus.Record;
    }

    /// <summary>Why scanning failed; <see cref="ReadStatus.Record"/> while it has not.</summary>
    public ReadStatus Status { get; private set; }

    /// <summary>Where it failed.</summary>
    public int Column { get; private set; }

    /// <summary>Notes a failure; returns -1.</summary>
    public int Fail(ReadStatus status, int column)
    {
        Status = status;
        Column = column;
        return -1;
    }

    /// <summary>Notes that the line ended at <paramref name="i"/>, or that the byte there does not belong; returns -1.</summary>
    public int FailAt(int i) => i >= _json.Length ? Fail(ReadStatus.CutLine, _json.Length) : Fail(ReadStatus.BadJson, i);

    /// <summary>Moves over white space.</summary>
    public readonly int SkipWhiteSpace(int i)
    {
        while (i < _json.Length && _json[i] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
        {
            i++;
        }

        return i;
    }

    /// <summary>Moves over a value of any kind that stands inside the record, which is depth 1.</summary>
    public int SkipValue(int i, out FieldKind kind)
    {
        kind = FieldKind.Number;
        switch ((uint)i < (uint)_json.Length ? _json[i] : 0)
        {
            case (byte)'"':
                int end = StringEnd(i + 1, out bool escaped);
                kind = escaped ? FieldKind.EscapedText : FieldKind.Text;
                return end < 0 ? -1 : end + 1;
            case (byte)'-' or (>= (byte)'0' and <= (byte)'9'):
                return SkipNumber(i);
            case (byte)'{':
                kind = FieldKind.Object;
                return SkipNested(i);
            case (byte)'[':
                kind = FieldKind.Array;
                return SkipNested(i);
            case (byte)'t':
                kind = FieldKind.True;
                return SkipLiteral(i, "true"u8);
            case (byte)'f':
                kind = FieldKind.False;
                return SkipLiteral(i, "false"u8);
            case (byte)'n':
                kind = FieldKind.Null;
                return SkipLiteral(i, "null"u8);
            default:
                return FailAt(i);
        }
    }

    /// <summary>Returns the index of the closing quote of a string whose content starts at <paramref name="i"/>.</summary>
    public int StringEnd(int i, out bool escaped)
    {
        escaped = false;
        while (true)
        {
            ReadOnlySpan<byte> rest = _json[i..];
            int step = _hasControl ? rest.IndexOfAny(s_stringStops) : rest.IndexOfAny((byte)'"', (byte)'\\');
            if (step < 0)
            {
                return Fail(ReadStatus.CutLine, _json.Length);
            }

            i += step;
            if (_json[i] == (byte)'"')
            {
                return i;
            }

            if (_json[i] != (byte)'\\')
            {
                return Fail(ReadStatus.ControlCharacter, i);
            }

            escaped = true;
            i = SkipEscape(i);
            if (i < 0)
            {
                return -1;
            }
        }
    }

    private int SkipEscape(int i)
    {
        i++;
        switch (i < _json.Length ? _json[i] : 0)
        {
            case (byte)'"' or (byte)'\\' or (byte)'/' or (byte)'b' or (byte)'f' or (byte)'n' or (byte)'r' or (byte)'t':
                return i + 1;
            case (byte)'u':
                for (int digit = i + 1; digit < i + 5; digit++)
                {
                    if (digit >= _json.Length || !char.IsAsciiHexDigit((char)_json[digit]))
                    {
                        return FailInString(digit);
                    }
                }

                return i + 5;
            default:
                return FailInString(i);
        }
    }

    /// <summary>Like <see cref="FailAt"/>, but a raw control character is named as such.</summary>
    private int FailInString(int i) => i < _json.Length && _json[i] < 0x20 ? Fail(ReadStatus.ControlCharacter, i) : FailAt(i);

    private int SkipLiteral(int i, ReadOnlySpan<byte> literal)
    {
        ReadOnlySpan<byte> rest = _json[i..];
        return rest.StartsWith(literal) ? i + literal.Length : FailAt(i + rest.CommonPrefixLength(literal));
    }

    private int SkipNumber(int i)
    {
        if (_json[i] == (byte)'-')
        {
            i++;
        }

        int digits = i;
        i = SkipDigits(i);
        if (i == digits)
        {
            return FailAt(i);
        }

        // A leading zero stands alone; what follows it is no delimiter and fails as such.
        i = _json[digits] == (byte)'0' ? digits + 1 : i;
        if (i < _json.Length && _json[i] == (byte)'.')
        {
            digits = i + 1;
            i = SkipDigits(digits);
            if (i == digits)
            {
                return FailAt(i);
            }
        }

        if (i < _json.Length && (_json[i] | 0x20) == (byte)'e')
        {
            i++;
            if (i < _json.Length && _json[i] is (byte)'+' or (byte)'-')
            {
                i++;
            }

            digits = i;
            i = SkipDigits(i);
            if (i == digits)
            {
                return FailAt(i);
            }
        }

        return i < _json.Length ? i : FailAt(i);
    }

    private readonly int SkipDigits(int i)
    {
        ReadOnlySpan<byte> json = _json;
        while ((uint)i < (uint)json.Length && (uint)(json[i] - '0') <= 9)
        {
            i++;
        }

        return i;
    }

    private int SkipNested(int i)
    {
        int depth = 1;
        bool wantsValue = true;
        while (true)
        {
            byte first = (uint)i < (uint)_json.Length ? _json[i] : (byte)0;
            if (wantsValue && first is (byte)'{' or (byte)'[')
            {
                if (++depth > _maxDepth)
                {
                    return Fail(ReadStatus.TooDeep, i);
                }

                bool opensObject = first == (byte)'{';
                SetObject(depth, opensObject);
                i = SkipWhiteSpace(i + 1);
                if (i < _json.Length && _json[i] == (opensObject ? (byte)'}' : (byte)']'))
                {
                    wantsValue = false;
                }
                else if (opensObject)
                {
                    i = SkipName(i);
                }
            }
            else if (wantsValue)
            {
                i = SkipValue(i, out _);
                wantsValue = false;
                i = i < 0 ? -1 : SkipWhiteSpace(i);
            }
            else if (first == (byte)',')
            {
                wantsValue = true;
                i = SkipWhiteSpace(i + 1);
                i = IsObject(depth) ? SkipName(i) : i;
            }
            else if (first == (IsObject(depth) ? (byte)'}' : (byte)']'))
            {
                i++;
                if (--depth == 1)
                {
                    return i;
                }

                i = SkipWhiteSpace(i);
            }
            else
            {
                return FailAt(i);
            }

            if (i < 0)
            {
                return -1;
            }
        }
    }

    /// <summary>Moves over a member's name and colon to its value.</summary>
    private int SkipName(int i)
    {
        if (i >= _json.Length || _json[i] != (byte)'"')
        {
            return FailAt(i);
        }

        int quote = StringEnd(i + 1, out _);
        return quote < 0 ? -1 : SkipColon(quote + 1);
    }

    /// <summary>Moves over a colon and the white space around it.</summary>
    public int SkipColon(int i)
    {
        i = SkipWhiteSpace(i);
        return i < _json.Length && _json[i] == (byte)':' ? SkipWhiteSpace(i + 1) : FailAt(i);
    }

    private readonly bool IsObject(int depth) => (_objectAtDepth[depth >> 6] & (1UL << (depth & 63))) != 0;

    private readonly void SetObject(int depth, bool isObject)
    {
        ulong bit = 1UL << (depth & 63);
        ref ulong word = ref _objectAtDepth[depth >> 6];
        word = isObject ? word | bit : word & ~bit;
    }
}
