using System.Runtime.CompilerServices;
using CfLogStream.Core.Logpush;

namespace CfLogStream.Core.Traffic;

/// <summary>Looks at fields of a record without a call where their slots already tell the answer.</summary>
/// <remarks>
/// A record has forty fields to look at, and most of them are empty or one word of which only another would matter: the slot's kind and
/// length are all that is read of those. What is absent, escaped or no text goes the way of <see cref="LogRecord.Text(LogField)"/>.
/// </remarks>
internal static class FieldAccess
{
    /// <summary>The value as text, as <see cref="LogRecord.Text(LogField)"/> gives it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ReadOnlySpan<byte> PlainText(this LogRecord record, LogField field)
    {
        FieldSlot slot = record.Slot(field);
        return slot.Kind is FieldKind.Text or FieldKind.Number ? record.Raw(slot.Start, slot.Length) : record.Text(field);
    }

    /// <summary>Whether the value is a word, in any case.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsWord(this LogRecord record, LogField field, ReadOnlySpan<byte> word)
    {
        FieldSlot slot = record.Slot(field);
        return (slot.Length == word.Length || slot.Kind == FieldKind.EscapedText) && IsWordOf(record, field, word);
    }

    /// <summary>Whether the text of a field is empty.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsEmpty(this LogRecord record, LogField field)
    {
        FieldSlot slot = record.Slot(field);
        return slot.Length == 0 || slot.Kind is FieldKind.Absent or FieldKind.Null;
    }

    /// <summary>Whether the field is there and not null.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsLogged(this LogRecord record, LogField field) =>
        record.Slot(field).Kind is not (FieldKind.Absent or FieldKind.Null);

    private static bool IsWordOf(LogRecord record, LogField field, ReadOnlySpan<byte> word)
    {
        ReadOnlySpan<byte> text = record.Text(field);
        return text.Length == word.Length && System.Text.Ascii.EqualsIgnoreCase(text, word);
    }
}
