using System.Diagnostics;

namespace CfLogStream.Core.Logpush.Shapes;

/// <summary>Members that stand side by side, ready to be compared with a line.</summary>
/// <remarks>
/// What is known of a member's surroundings is one pattern of bytes before and behind its colon: the closing quote of the string before it,
/// the comma (or the object's brace), the key in quotes, the colon, and the opening quote if its value is a string. Layout: 32 bytes of
/// pattern and of mask per member for the window that ends one byte behind the colon; the few keys that are longer have another 32
/// before it. About 6 kB for the 90 members of an http_requests record, read in order.
/// </remarks>
internal sealed class MemberRun
{
    /// <summary>Bytes of a pattern.</summary>
    public const int WindowBytes = 32;

    /// <summary>How far before the colon the window begins.</summary>
    public const int WindowBefore = 30;

    /// <summary>The longest key that two windows hold, with three quotes and a comma.</summary>
    public const int MaxKeyBytes = WindowBefore + WindowBytes - 4;

    /// <summary>Members whose spans are worked out at once.</summary>
    public const int Lanes = 8;

    /// <summary>Makes a run.</summary>
    /// <param name="opens">Whether the first member is the first of its object, behind a brace and not a comma.</param>
    public MemberRun(IReadOnlyList<Member> members, bool opens)
    {
        Count = members.Count;
        Patterns = new byte[Count * WindowBytes];
        Masks = new byte[Count * WindowBytes];
        StartOffsets = new int[Count + Lanes];
        LengthOffsets = new int[Count + Lanes];
        var numbers = new List<ushort>();
        var others = new List<OtherMember>();
        var longKeys = new List<LongKey>();
        for (int i = 0; i < Count; i++)
        {
            Member member = members[i];
            Debug.Assert(member.Key.Length <= MaxKeyBytes);
            bool first = i == 0 && opens;
            bool afterText = i > 0 && members[i - 1].Kind == MemberKind.Text;
            byte[] before = [.. afterText ? "\""u8 : default, first ? (byte)'{' : (byte)',', (byte)'"', .. member.Key, (byte)'"'];
            byte[] text = [.. before, (byte)':', .. member.Kind == MemberKind.Text ? "\""u8 : default];
            Place(text, before.Length, i, longKeys);
            int keySpan = member.Key.Length + 3;
            int quote = member.Kind == MemberKind.Text ? 1 : 0;
            StartOffsets[i] = 1 + quote;
            if (i == 0)
            {
                FirstKeySpan = keySpan;
            }
            else
            {
                LengthOffsets[i - 1] -= keySpan;
            }

            LengthOffsets[i] = -(1 + (2 * quote));
            LastQuote = quote;
            QuoteCount += member.Kind == MemberKind.Text ? 4 : 2;
            if (member.Kind == MemberKind.Number)
            {
                numbers.Add((ushort)i);
            }
            else if (member.Kind == MemberKind.Other)
            {
                others.Add(new OtherMember(i));
            }
        }

        // What follows the last member is not known here: its length is set apart, and is never found negative with the others.
        LengthOffsets.AsSpan(Count - 1).Fill(int.MaxValue / 2);
        Numbers = [.. numbers];
        Others = [.. others];
        LongKeys = [.. longKeys];
    }

    /// <summary>The number of members.</summary>
    public int Count { get; }

    public byte[] Patterns { get; }

    public byte[] Masks { get; }

    /// <summary>Per member, how far behind its colon its value starts, without a string's quote; padded to whole vectors.</summary>
    public int[] StartOffsets { get; }

    /// <summary>Per member but the last, what the distance from its colon to the next one has to be increased by to be the length of its value
    /// without quotes; padded to whole vectors.</summary>
    public int[] LengthOffsets { get; }

    /// <summary>Bytes from the end of the value before the first member to its colon: comma or brace, quotes and key.</summary>
    public int FirstKeySpan { get; }

    /// <summary>1 if the last value is a string.</summary>
    public int LastQuote { get; }

    public ushort[] Numbers { get; }

    public OtherMember[] Others { get; }

    public LongKey[] LongKeys { get; }

    /// <summary>Quotes of the keys and of the strings.</summary>
    public int QuoteCount { get; }

    /// <summary>Writes a pattern so that its colon stands at <see cref="WindowBefore"/>.</summary>
    private void Place(ReadOnlySpan<byte> text, int colon, int member, List<LongKey> longKeys)
    {
        int cut = Math.Max(0, colon - WindowBefore);
        int start = (member * WindowBytes) + WindowBefore - (colon - cut);
        text[cut..].CopyTo(Patterns.AsSpan(start));
        Masks.AsSpan(start, text.Length - cut).Fill(0xFF);
        if (cut > 0)
        {
            byte[] pattern = new byte[WindowBytes];
            byte[] mask = new byte[WindowBytes];
            text[..cut].CopyTo(pattern.AsSpan(WindowBytes - cut));
            mask.AsSpan(WindowBytes - cut).Fill(0xFF);
            longKeys.Add(new LongKey(member, pattern, mask));
        }
    }

    /// <summary>The beginning of a pattern that one window does not hold; it ends where the window begins.</summary>
    internal sealed record LongKey(int Member, byte[] Pattern, byte[] Mask);
}
