namespace CfLogStream.Core.Traffic.Clients;

/// <summary>One text that the matcher looks for, and what finding it means.</summary>
internal readonly struct AgentPattern
{
    private AgentPattern(byte[] text)
    {
        Text = text;
    }

    /// <summary>The text in lower case.</summary>
    public byte[] Text { get; private init; }

    /// <summary>Its rank among all tokens; lower wins. Not for marks.</summary>
    public ushort Rank { get; private init; }

    public MatchLevel Level { get; private init; }

    /// <summary>The mark that it sets; none for tokens.</summary>
    public AgentMarks Mark { get; private init; }

    /// <summary><c>^</c>, <c>=</c> or NUL.</summary>
    public char Anchor { get; private init; }

    /// <summary>The character before must be no letter or digit.</summary>
    public bool StartsWord { get; private init; }

    public static AgentPattern OfToken(ClientDefinition definition, ushort rank)
    {
        ClientClasses.TryGetLevel(definition.Class, out MatchLevel level);
        byte[] text = Lower(definition.Token);
        return new AgentPattern(text) { Rank = rank, Level = level, Anchor = definition.Anchor, StartsWord = char.IsAsciiLetterOrDigit((char)text[0]) };
    }

    public static AgentPattern OfMark(string text, AgentMarks mark)
    {
        byte[] lower = Lower(System.Text.Encoding.ASCII.GetBytes(text));
        bool word = mark is not (AgentMarks.BotWord or AgentMarks.Contact) && char.IsAsciiLetter((char)lower[0]);
        return new AgentPattern(lower) { Mark = mark, StartsWord = word };
    }

    private static byte[] Lower(byte[] text)
    {
        byte[] lower = [.. text];
        foreach (ref byte b in lower.AsSpan())
        {
            b = (uint)(b - 'A') <= 'Z' - 'A' ? (byte)(b | 0x20) : b;
        }

        return lower;
    }
}
