using CfLogStream.Core.Logpush;

namespace CfLogStream.Core.Traffic.Clients;

/// <summary>What the request headers met last say about clients; one per thread.</summary>
/// <remarks>Kept by the whole object as logged (<see cref="TextSlots"/>); longer ones are read anew each time. About 100 kB.</remarks>
internal sealed class HeaderCache
{
    private const int SlotBits = 9;
    private const int MaxBytes = 192;

    private readonly TextSlots _slots = new(SlotBits, MaxBytes);
    private readonly HeaderEvidence[] _evidence;

    public HeaderCache()
    {
        _evidence = new HeaderEvidence[_slots.Count];
    }

    /// <summary>Reads the logged request headers of a record.</summary>
    public HeaderEvidence Read(LogRecord record)
    {
        FieldSlot field = record.Slot(LogField.RequestHeaders);
        if (field.Kind != FieldKind.Object || field.Length <= 2)
        {
            return default;
        }

        int slot = _slots.Find(record.Text(LogField.RequestHeaders), out bool isFilled);
        if (!isFilled)
        {
            HeaderEvidence evidence = default;
            foreach (TextMembers header in record.Members(LogField.RequestHeaders))
            {
                evidence.Add(header.Name, header.Value, ClientTables.Headers);
            }

            _evidence[slot] = evidence;
        }

        return _evidence[slot];
    }
}
