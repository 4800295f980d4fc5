using CfLogStream.Core.Logpush;

namespace CfLogStream.Core.Traffic.Clients;

/// <summary>Reads what the logged request headers say about the client. One per thread; remembers the objects met last.</summary>
/// <remarks>Kept by the whole object as logged (<see cref="TextSlots{TValue}"/>); longer ones are read anew each time. About 150 kB.</remarks>
internal sealed class HeaderReader
{
    private const int SlotBits = 9;

    private readonly TextSlots<HeaderEvidence> _slots = new(SlotBits);
    private readonly byte[] _scratch = new byte[WideText.Width];

    /// <summary>Reads the request headers of a record; valid until the next call.</summary>
    public ref readonly HeaderEvidence Read(LogRecord record)
    {
        FieldSlot field = record.Slot(LogField.RequestHeaders);
        if (field.Kind != FieldKind.Object || field.Length <= 2)
        {
            return ref HeaderEvidence.None;
        }

        ReadOnlySpan<byte> room = WideText.Of(record, LogField.RequestHeaders, _scratch, out int length);
        int slot = _slots.Find(room, length, 0);
        bool isFilled = slot >= 0;
        ref HeaderEvidence evidence = ref _slots[isFilled ? slot : ~slot];
        if (!isFilled)
        {
            evidence = default;
            if (!TryReadPlain(room[..length], ref evidence))
            {
                evidence = default;
                foreach (TextMembers header in record.Members(LogField.RequestHeaders))
                {
                    evidence.Add(header.Name, header.Value, ClientTables.Headers);
                }
            }
        }

        return ref evidence;
    }

    /// <summary>Reads an object as Cloudflare writes it: strings without escapes, and no blanks between them.</summary>
    private static bool TryReadPlain(ReadOnlySpan<byte> json, ref HeaderEvidence evidence)
    {
        ReadOnlySpan<byte> rest = json[1..];
        while (TryReadString(ref rest, out ReadOnlySpan<byte> name) && rest.Length > 1 && rest[0] == (byte)':')
        {
            rest = rest[1..];
            if (!TryReadString(ref rest, out ReadOnlySpan<byte> value) || rest.IsEmpty)
            {
                return false;
            }

            evidence.Add(name, value, ClientTables.Headers);
            if (rest[0] != (byte)',')
            {
                return rest.Length == 1;
            }

            rest = rest[1..];
        }

        return false;
    }

    private static bool TryReadString(ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> text)
    {
        text = default;
        if (rest.IsEmpty || rest[0] != (byte)'"')
        {
            return false;
        }

        int length = rest[1..].IndexOfAny((byte)'"', (byte)'\\');
        if (length < 0 || rest[length + 1] != (byte)'"')
        {
            return false;
        }

        text = rest.Slice(1, length);
        rest = rest[(length + 2)..];
        return true;
    }
}
