using System.Buffers.Text;
using System.Text;

namespace CfLogStream.Kafka.Slices;

/// <summary>Puts a slice's header together from a message's headers, in whatever order they come; others beside them do not
/// matter.</summary>
public struct SliceHeaderParser
{
    private const int HexDigits = 16;
    private const int All = 0b1_1111;

    private SliceKind _kind;
    private ulong _schema;
    private ulong _batch;
    private int _part;
    private int _count;
    private int _seen;
    private bool _isWrong;

    /// <summary>Takes a header of the message.</summary>
    public void Add(string name, ReadOnlySpan<byte> value)
    {
        int index = name switch
        {
            SliceHeaders.Dataset => 0,
            SliceHeaders.Schema => 1,
            SliceHeaders.Batch => 2,
            SliceHeaders.Part => 3,
            SliceHeaders.Count => 4,
            _ => -1,
        };
        if (index < 0)
        {
            return;
        }

        bool isRead = index switch
        {
            0 => TryReadKind(value, out _kind),
            1 => TryReadHex(value, out _schema),
            2 => TryReadHex(value, out _batch),
            3 => TryReadDecimal(value, out _part),
            _ => TryReadDecimal(value, out _count),
        };
        _isWrong |= !isRead || (_seen & (1 << index)) != 0;
        _seen |= 1 << index;
    }

    /// <summary>The header; its kind is <see cref="SliceKind.None"/> when one of the five was missing, wrong, or there twice.</summary>
    public readonly SliceHeader Finish() => _isWrong || _seen != All ? default : new SliceHeader(_kind, _schema, _batch, _part, _count);

    private static bool TryReadKind(ReadOnlySpan<byte> value, out SliceKind kind)
    {
        foreach (SliceKind candidate in SliceKinds.All)
        {
            if (Ascii.Equals(value, SliceKinds.NameOf(candidate)))
            {
                kind = candidate;
                return true;
            }
        }

        kind = SliceKind.None;
        return false;
    }

    private static bool TryReadHex(ReadOnlySpan<byte> value, out ulong number)
    {
        number = 0;
        return value.Length == HexDigits && Utf8Parser.TryParse(value, out number, out int consumed, 'x') && consumed == HexDigits;
    }

    private static bool TryReadDecimal(ReadOnlySpan<byte> value, out int number)
    {
        number = 0;
        return value.Length is > 0 and <= 10 && !value.ContainsAnyExceptInRange((byte)'0', (byte)'9')
            && Utf8Parser.TryParse(value, out number, out int consumed) && consumed == value.Length;
    }
}
