namespace CfLogStream.Core.Logpush;

/// <summary>How a field's value stands in the record.</summary>
/// <remarks>Ordered by how its text is had: there is none, it has to be decoded, it stands in the line.</remarks>
public enum FieldKind : byte
{
    /// <summary>The key is missing.</summary>
    Absent = 0,

    Null,

    /// <summary>A string with escapes, not yet decoded.</summary>
    EscapedText,

    /// <summary>A string decoded into the record's scratch bytes.</summary>
    DecodedText,

    /// <summary>A string without escapes; the slot spans what is between the quotes.</summary>
    Text,
    Number,
    True,
    False,

    /// <summary>An array; the slot spans it with its brackets.</summary>
    Array,

    /// <summary>An object; the slot spans it with its braces.</summary>
    Object,
}
