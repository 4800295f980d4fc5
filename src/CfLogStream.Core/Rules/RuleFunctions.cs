namespace CfLogStream.Core.Rules;

/// <summary>The functions that an evaluation knows; the result of any other is not known.</summary>
internal static class RuleFunctions
{
    /// <summary>Calls a function. An unpacked array as first argument stands for each of its elements.</summary>
    public static RuleValue? Call(string name, RuleValue?[] arguments) => (name, arguments) switch
    {
        ("any", [ListValue list]) => Any(list, true),
        ("all", [ListValue list]) => Any(list, false),
        ("any", [{ } missing]) when missing == RuleValue.Missing => RuleValue.Of(false),
        ("any" or "all", [FlagValue]) => arguments[0] is FlagValue { Flag: false } && name == "any" ? arguments[0] : null,
        ("len", [ListValue { IsUnpacked: false } list]) => RuleValue.Of(list.Items.Count),
        (_, [ListValue { IsUnpacked: true } list, .. var rest]) => new ListValue([.. list.Items.Select(item => One(name, item, rest))]),
        (_, [var first, .. var rest]) => One(name, first, rest),
        _ => null,
    };

    private static RuleValue? One(string name, RuleValue? first, RuleValue?[] rest) => (name, first, rest) switch
    {
        ("lower", TextValue text, []) => Change(text, static (source, target) => Ascii(source, target, (byte)'A', (byte)'Z')),
        ("upper", TextValue text, []) => Change(text, static (source, target) => Ascii(source, target, (byte)'a', (byte)'z')),
        ("len", TextValue text, []) => RuleValue.Of(text.Bytes.Length),
        ("starts_with", TextValue text, [TextValue part]) => RuleValue.Of(text.Bytes.Span.StartsWith(part.Bytes.Span)),
        ("ends_with", TextValue text, [TextValue part]) => RuleValue.Of(text.Bytes.Span.EndsWith(part.Bytes.Span)),
        ("lower" or "upper" or "len" or "starts_with" or "ends_with", { } missing, _) when missing == RuleValue.Missing => missing,
        _ => null,
    };

    // One that decides is enough; else what is not known leaves it open.
    private static RuleValue? Any(ListValue list, bool decisive)
    {
        bool open = false;
        foreach (RuleValue? item in list.Items)
        {
            bool? flag = item is FlagValue known ? known.Flag : null;
            if (flag == decisive)
            {
                return RuleValue.Of(decisive);
            }

            open |= flag is null;
        }

        return open ? null : RuleValue.Of(!decisive);
    }

    private static TextValue Change(TextValue text, Action<byte[], byte[]> change)
    {
        byte[] source = text.Bytes.ToArray();
        byte[] target = new byte[source.Length];
        change(source, target);
        return new TextValue(target);
    }

    // Letters of ASCII differ from the other case by one bit.
    private static void Ascii(byte[] source, byte[] target, byte first, byte last)
    {
        for (int i = 0; i < source.Length; i++)
        {
            target[i] = source[i] >= first && source[i] <= last ? (byte)(source[i] ^ 0x20) : source[i];
        }
    }
}
