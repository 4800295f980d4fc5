using System.Globalization;
using System.Net;

namespace CfLogStream.Core.Rules;

/// <summary>Prepares comparisons: the literal is read once, values are tested against it.</summary>
internal static class RuleComparison
{
    /// <summary>Returns the test of a comparison. It gives null where the types do not fit or the result cannot be known.</summary>
    public static Func<RuleValue, bool?> Test(ComparisonNode node)
    {
        LiteralNode literal = node.Literal;
        switch (node.Operator)
        {
            case ComparisonOperator.In:
                return In(literal);
            case ComparisonOperator.Contains:
                return TextOf(literal) is { } part ? value => value is TextValue text ? text.Bytes.Span.IndexOf(part) >= 0 : null : Unknown;
            case ComparisonOperator.Matches:
                return literal is StringLiteral pattern && RuleRegex.Compile(pattern.Value) is { } regex
                    ? value => value is TextValue text ? regex.IsMatch(text.Bytes.Span) : null
                    : Unknown;
            case ComparisonOperator.Wildcard or ComparisonOperator.StrictWildcard:
                bool strict = node.Operator == ComparisonOperator.StrictWildcard;
                return literal is StringLiteral glob && WildcardPattern.Problem(glob.Value) is null
                    ? value => value is TextValue text ? WildcardPattern.IsMatch(glob.Value, text.Bytes.Span, strict) : null
                    : Unknown;
            case ComparisonOperator.BitwiseAnd:
                return NumberOf(literal) is { } mask ? value => value is NumberValue number ? (number.Number & mask) != 0 : null : Unknown;
            default:
                return Ordered(node.Operator, literal);
        }
    }

    private static bool? Unknown(RuleValue value) => null;

    private static Func<RuleValue, bool?> Ordered(ComparisonOperator comparison, LiteralNode literal)
    {
        if (NumberOf(literal) is { } number)
        {
            return value => value is NumberValue known ? Holds(comparison, known.Number.CompareTo(number)) : null;
        }

        byte[]? bytes = TextOf(literal);
        byte[]? address = literal is BareLiteral { Kind: BareKind.Address } bare && BareForm.TryAddress(bare.Text, out IPAddress parsed)
            ? parsed.GetAddressBytes()
            : null;
        return value => value switch
        {
            TextValue text when bytes is not null => Holds(comparison, text.Bytes.Span.SequenceCompareTo(bytes)),
            AddressValue known when address is not null => Compare(comparison, known.Address.GetAddressBytes(), address),
            _ => null,
        };
    }

    // Between families nothing holds but that they differ.
    private static bool Compare(ComparisonOperator comparison, byte[] left, byte[] right) => left.Length == right.Length
        ? Holds(comparison, left.AsSpan().SequenceCompareTo(right))
        : comparison == ComparisonOperator.NotEqual;

    private static bool Holds(ComparisonOperator comparison, int order) => comparison switch
    {
        ComparisonOperator.Equal => order == 0,
        ComparisonOperator.NotEqual => order != 0,
        ComparisonOperator.GreaterOrEqual => order >= 0,
        ComparisonOperator.LessOrEqual => order <= 0,
        ComparisonOperator.Greater => order > 0,
        _ => order < 0,
    };

    // The contents of a named list are not known.
    private static Func<RuleValue, bool?> In(LiteralNode literal)
    {
        if (literal is not SetLiteral set)
        {
            return Unknown;
        }

        HashSet<string> texts = [.. set.Items.Select(TextOf).OfType<byte[]>().Select(Convert.ToHexString)];
        (long First, long Last)[] numbers = [.. set.Items.Select(NumbersOf).OfType<(long, long)>()];
        (byte[] First, byte[] Last)[] addresses = [.. set.Items.Select(AddressesOf).OfType<(byte[], byte[])>()];
        int items = set.Items.Count;
        return value => value switch
        {
            TextValue text when texts.Count > 0 || items == 0 => texts.Contains(Convert.ToHexString(text.Bytes.Span)),
            NumberValue number when numbers.Length == items => numbers.Any(range => range.First <= number.Number && number.Number <= range.Last),
            AddressValue address when addresses.Length == items => Holds(addresses, address.Address.GetAddressBytes()),
            _ => null,
        };
    }

    private static bool Holds((byte[] First, byte[] Last)[] ranges, byte[] address) => ranges.Any(range =>
        range.First.Length == address.Length && range.First.AsSpan().SequenceCompareTo(address) <= 0
        && address.AsSpan().SequenceCompareTo(range.Last) <= 0);

    private static byte[]? TextOf(LiteralNode literal) => literal switch
    {
        StringLiteral text => text.Value,
        BareLiteral { Kind: BareKind.Bytes } bare =>
            [.. bare.Text.Chunk(3).Select(static pair => byte.Parse(pair.AsSpan(0, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture))],
        _ => null,
    };

    private static long? NumberOf(LiteralNode literal) =>
        literal is BareLiteral { Kind: BareKind.Integer } bare && BareForm.TryInteger(bare.Text, out long number) ? number : null;

    private static (long First, long Last)? NumbersOf(LiteralNode literal)
    {
        if (NumberOf(literal) is { } one)
        {
            return (one, one);
        }

        return literal is BareLiteral { Kind: BareKind.IntegerRange } bare && bare.Text.Split("..") is [var first, var last]
            && BareForm.TryInteger(first, out long from) && BareForm.TryInteger(last, out long to)
            ? (from, to)
            : null;
    }

    private static (byte[] First, byte[] Last)? AddressesOf(LiteralNode literal)
    {
        if (literal is not BareLiteral bare)
        {
            return null;
        }

        switch (bare.Kind)
        {
            case BareKind.Address when BareForm.TryAddress(bare.Text, out IPAddress one):
                return (one.GetAddressBytes(), one.GetAddressBytes());
            case BareKind.AddressRange when bare.Text.Split("..") is [var first, var last]
                && BareForm.TryAddress(first, out IPAddress from) && BareForm.TryAddress(last, out IPAddress to):
                return (from.GetAddressBytes(), to.GetAddressBytes());
            case BareKind.Network when BareForm.TryNetwork(bare.Text, out IPAddress network, out int length):
                byte[] end = network.GetAddressBytes();
                for (int bit = length; bit < end.Length * 8; bit++)
                {
                    end[bit / 8] |= (byte)(0x80 >> (bit % 8));
                }

                return (network.GetAddressBytes(), end);
            default:
                return null;
        }
    }
}
