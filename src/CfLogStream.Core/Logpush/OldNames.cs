namespace CfLogStream.Core.Logpush;

/// <summary>Lets the names of before 2023 stand in for the fields that replaced them.</summary>
/// <remarks>
/// A value under the new name wins over one under the old name, in whatever order they come; a new value that is empty (null, "", []) says
/// nothing and does not hide an old one that says something. Cloudflare's reference of WAFAction also has codes: 0 unknown, 1 allow, 2
/// drop, 3 challenge allow ("issue a managed challenge"), 4 challenge drop, 5 log. Its unknown means that no rule acted and is read as
/// empty, as SecurityAction would be; every other text is passed on as it stands.
/// </remarks>
internal static class OldNames
{
    /// <summary>Fills the new fields from the old ones of a record.</summary>
    public static void Apply(ReadOnlySpan<FieldSlot> aside, LogRecord record)
    {
        ApplyAction(aside[(int)AsideField.WAFAction], record);
        ApplyPlain(aside[(int)AsideField.WAFRuleID], LogField.SecurityRuleID, record);
        ApplyPlain(aside[(int)AsideField.WAFRuleMessage], LogField.SecurityRuleDescription, record);
        ApplyPlain(aside[(int)AsideField.FirewallMatchesActions], LogField.SecurityActions, record);
        ApplyPlain(aside[(int)AsideField.FirewallMatchesRuleIDs], LogField.SecurityRuleIDs, record);
        ApplyPlain(aside[(int)AsideField.FirewallMatchesSources], LogField.SecuritySources, record);
    }

    private static void ApplyPlain(FieldSlot old, LogField field, LogRecord record)
    {
        FieldSlot current = record.Slot(field);
        bool isMissing = current.Kind == FieldKind.Absent && old.Kind != FieldKind.Absent;
        if (isMissing || (IsEmpty(current, record) && !IsEmpty(old, record)))
        {
            record.Set(field, old);
        }
    }

    private static void ApplyAction(FieldSlot old, LogRecord record)
    {
        if (old.Kind is FieldKind.Absent)
        {
            return;
        }

        if (old.Kind is FieldKind.Text or FieldKind.EscapedText or FieldKind.Number)
        {
            ReadOnlySpan<byte> text = old.Kind == FieldKind.EscapedText
                ? record.Decoded(record.Decode(old.Start, old.Length))
                : record.Raw(old.Start, old.Length);
            ReadOnlySpan<byte> word = text switch
            {
                [(byte)'0'] => default,
                [(byte)'1'] => "allow"u8,
                [(byte)'2'] => "drop"u8,
                [(byte)'3'] => "managedChallenge"u8,
                [(byte)'4'] => "challenge"u8,
                [(byte)'5'] => "log"u8,
                _ => text.SequenceEqual("unknown"u8) ? default : text,
            };
            if (word.IsEmpty)
            {
                old = old with { Length = 0, Kind = FieldKind.Text };
            }
            else if (word != text)
            {
                old = record.Store(word);
            }
        }

        ApplyPlain(old, LogField.SecurityAction, record);
    }

    private static bool IsEmpty(FieldSlot slot, LogRecord record) => slot.Kind switch
    {
        FieldKind.Absent or FieldKind.Null => true,
        FieldKind.Text or FieldKind.EscapedText or FieldKind.DecodedText => slot.Length == 0,
        FieldKind.Array => record.Raw(slot.Start + 1, slot.Length - 2).IndexOfAnyExcept(" \t\r\n"u8) < 0,
        _ => false,
    };
}
