namespace CfLogStream.Core.Traffic.Paths;

/// <summary>What a byte of a path segment can be part of; a segment's classes are the union over its bytes.</summary>
[Flags]
internal enum ByteClass : byte
{
    None = 0,
    Digit = 1,

    /// <summary>One of a–f in either case; always beside <see cref="Lower"/> or <see cref="Upper"/>.</summary>
    HexLetter = 2,
    Lower = 4,
    Upper = 8,

    /// <summary>Hyphen and underscore.</summary>
    Dash = 16,

    /// <summary>Dot and colon: they part file names, package names and custom verbs.</summary>
    Stop = 32,

    /// <summary>Other punctuation that a literal segment may hold.</summary>
    Mark = 64,

    /// <summary>Everything else, among it the delimiters of a URI.</summary>
    Odd = 128,
}

/// <summary>The class of each byte.</summary>
internal static class ByteClasses
{
    private static readonly ByteClass[] s_table = Build();

    /// <summary>256 entries, indexed by the byte.</summary>
    public static ReadOnlySpan<ByteClass> Table => s_table;

    /// <summary>Returns the union of the classes of all bytes.</summary>
    public static ByteClass Of(ReadOnlySpan<byte> text)
    {
        ByteClass[] table = s_table;
        ByteClass seen = ByteClass.None;
        foreach (byte value in text)
        {
            seen |= table[value];
        }

        return seen;
    }

    private static ByteClass[] Build()
    {
        var table = new ByteClass[256];
        Array.Fill(table, ByteClass.Odd);
        for (int i = 0; i < 26; i++)
        {
            ByteClass hex = i < 6 ? ByteClass.HexLetter : ByteClass.None;
            table['a' + i] = ByteClass.Lower | hex;
            table['A' + i] = ByteClass.Upper | hex;
        }

        table.AsSpan('0', 10).Fill(ByteClass.Digit);
        table['-'] = table['_'] = ByteClass.Dash;
        table['.'] = table[':'] = ByteClass.Stop;
        foreach (byte mark in "~@$*+!"u8)
        {
            table[mark] = ByteClass.Mark;
        }

        return table;
    }
}
