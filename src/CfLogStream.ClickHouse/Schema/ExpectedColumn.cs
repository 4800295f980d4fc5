namespace CfLogStream.ClickHouse.Schema;

/// <summary>A column as the schema files declare it.</summary>
/// <param name="Kind"><c>DEFAULT</c>, <c>EPHEMERAL</c> or empty.</param>
/// <param name="Expression">The default's expression, if it has one.</param>
internal sealed record ExpectedColumn(string Name, string Type, string Kind, string Expression)
{
    private static readonly string[] s_typeEnds = [" CODEC(", " EPHEMERAL", " DEFAULT "];

    public static ExpectedColumn Parse(string line)
    {
        string[] words = line.Split(' ', 2);
        string rest = words[1];
        int end = s_typeEnds
            .Select(mark => rest.IndexOf(mark, StringComparison.Ordinal))
            .Where(at => at >= 0)
            .DefaultIfEmpty(rest.Length)
            .Min();
        string tail = rest[end..];
        string kind = tail.StartsWith(" DEFAULT ", StringComparison.Ordinal) ? "DEFAULT"
            : tail.StartsWith(" EPHEMERAL", StringComparison.Ordinal) ? "EPHEMERAL"
            : string.Empty;
        return new ExpectedColumn(words[0], rest[..end], kind, kind == "DEFAULT" ? tail[" DEFAULT ".Length..] : string.Empty);
    }
}
