using System.Buffers.Binary;
using System.Diagnostics;

namespace CfLogStream.Core.Traffic;

/// <summary>A classified record: its head and a view of its texts.</summary>
/// <remarks>
/// Data layout: <c>slots</c> little-endian int32 end offsets, then the bytes they delimit. Slots are the <see cref="RecordText"/>s
/// (<see cref="RecordText.DimensionCount"/> or <see cref="RecordText.Count"/> of them), then <see cref="EntrySlots"/> per security entry
/// (control, action, rule id, ref, description, match index as int32), then two per extra (name, value).
/// The view is valid only while the bytes behind it are: whoever keeps a record longer copies <see cref="Data"/>.
/// </remarks>
public readonly ref struct TrafficRecord
{
    /// <summary>Slots that one security entry takes.</summary>
    public const int EntrySlots = 6;

    public TrafficRecord(ref readonly TrafficHead head, ReadOnlySpan<byte> data)
    {
        Head = ref head;
        Data = data;
    }

    public readonly ref readonly TrafficHead Head;

    /// <summary>The slot table and the texts.</summary>
    public readonly ReadOnlySpan<byte> Data;

    /// <summary>A text; empty when it was not logged or the record is not detailed.</summary>
    public ReadOnlySpan<byte> this[RecordText text] => (int)text < TextSlots ? Slot((int)text) : default;

    private int TextSlots => (Head.Flags & RecordFlags.Detailed) != 0 ? (int)RecordText.Count : (int)RecordText.DimensionCount;

    private int SlotCount => TextSlots + (Head.EntryCount * EntrySlots) + (Head.ExtraCount * 2);

    /// <summary>Reads the texts in the order of <see cref="RecordText"/>, for those who want them all.</summary>
    public TextReader ReadTexts() => new(Data[..(TextSlots * sizeof(int))], Data[(SlotCount * sizeof(int))..]);

    /// <summary>Reads all that names endpoint and client, from the zone to the client's name, as two runs of bytes.</summary>
    /// <param name="ends">The ends of the slots from the ray to the client's name.</param>
    /// <param name="texts">The texts after the ray, one after another.</param>
    /// <remarks>Two records of equal runs have the same texts; the other way round only if their rays are of equal length.</remarks>
    public void ReadDimensions(out ReadOnlySpan<byte> ends, out ReadOnlySpan<byte> texts)
    {
        int start = SlotCount * sizeof(int);
        ends = Data[..(((int)RecordText.ClientName + 1) * sizeof(int))];
        texts = Data[(start + BinaryPrimitives.ReadInt32LittleEndian(ends))..(start + BinaryPrimitives.ReadInt32LittleEndian(ends[^sizeof(int)..]))];
    }

    /// <summary>Reads the security entry at <paramref name="index"/>, below <see cref="TrafficHead.EntryCount"/>.</summary>
    public SecurityEntry Entry(int index)
    {
        Debug.Assert((uint)index < Head.EntryCount);
        int slot = TextSlots + (index * EntrySlots);
        return new SecurityEntry
        {
            Control = Slot(slot),
            Action = Slot(slot + 1),
            RuleId = Slot(slot + 2),
            RuleRef = Slot(slot + 3),
            Description = Slot(slot + 4),
            MatchIndex = BinaryPrimitives.ReadInt32LittleEndian(Slot(slot + 5)),
        };
    }

    /// <summary>Reads the name of the extra at <paramref name="index"/>, below <see cref="TrafficHead.ExtraCount"/>.</summary>
    public ReadOnlySpan<byte> ExtraName(int index) => Slot(TextSlots + (Head.EntryCount * EntrySlots) + (index * 2));

    /// <summary>Reads the value of the extra at <paramref name="index"/>, below <see cref="TrafficHead.ExtraCount"/>.</summary>
    public ReadOnlySpan<byte> ExtraValue(int index) => Slot(TextSlots + (Head.EntryCount * EntrySlots) + (index * 2) + 1);

    /// <summary>Gives the texts of a record one after another.</summary>
    public ref struct TextReader
    {
        private readonly ReadOnlySpan<byte> _texts;
        private ReadOnlySpan<byte> _ends;
        private int _at;

        internal TextReader(ReadOnlySpan<byte> ends, ReadOnlySpan<byte> texts)
        {
            _ends = ends;
            _texts = texts;
        }

        /// <summary>Returns the next text; an empty one when there are no more.</summary>
        public ReadOnlySpan<byte> Next()
        {
            if (_ends.IsEmpty)
            {
                return default;
            }

            int start = _at;
            _at = BinaryPrimitives.ReadInt32LittleEndian(_ends);
            _ends = _ends[sizeof(int)..];
            return _texts[start.._at];
        }
    }

    private ReadOnlySpan<byte> Slot(int slot)
    {
        int texts = SlotCount * sizeof(int);
        int end = BinaryPrimitives.ReadInt32LittleEndian(Data[(slot * sizeof(int))..]);
        int start = slot == 0 ? 0 : BinaryPrimitives.ReadInt32LittleEndian(Data[((slot - 1) * sizeof(int))..]);
        return Data[(texts + start)..(texts + end)];
    }
}
