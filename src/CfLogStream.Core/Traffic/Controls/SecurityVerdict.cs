using System.Runtime.CompilerServices;

namespace CfLogStream.Core.Traffic.Controls;

/// <summary>The outcome of a record and the slots of its few security entries.</summary>
internal struct SecurityVerdict
{
    /// <summary>Entries that are remembered.</summary>
    public const int MaxEntries = 4;

    /// <summary>Bytes of texts that are remembered.</summary>
    public const int MaxBytes = 256;

    public Outcome Outcome;
    public byte Count;

    /// <summary>The entries are the arrays, so that their number announces the security events.</summary>
    public bool IsAnnounced;

    /// <summary>The entries' texts do not fit.</summary>
    public bool IsCut;
    public SlotEnds Ends;
    public SlotTexts Texts;

    [InlineArray(MaxEntries * TrafficRecord.EntrySlots)]
    internal struct SlotEnds
    {
        private int _first;
    }

    [InlineArray(MaxBytes)]
    internal struct SlotTexts
    {
        private byte _first;
    }
}
