namespace CfLogStream.Server.Configuration;

/// <summary>The words of which messages about a configuration are made.</summary>
internal static class ConfigurationWords
{
    private const int MaxShown = 200;
    private const int MaxKeysListed = 12;

    private static readonly string[] s_secretNames = ["password", "passwd", "pwd", "secret", "apikey", "accesskey"];

    /// <summary>Returns what the file has there.</summary>
    public static string Describe(ConfigurationNode node) => node switch
    {
        SequenceNode => "a list",
        MappingNode => "a mapping",
        ScalarNode { IsNull: true } => "empty",
        ScalarNode { IsPlain: true } scalar => Quote(scalar.Text),
        ScalarNode scalar => $"the quoted text {Quote(scalar.Text)}",
        _ => "of an unknown kind",
    };

    /// <summary>Returns external text in single quotes, cut to what is worth reading.</summary>
    public static string Quote(string text)
    {
        if (text.Length <= MaxShown)
        {
            return $"'{text}'";
        }

        int cut = char.IsHighSurrogate(text[MaxShown - 1]) ? MaxShown - 1 : MaxShown;
        return $"'{text[..cut]}…'";
    }

    /// <summary>Returns what a value of the key must be.</summary>
    public static string Expectation(OptionKey key) => key.Kind switch
    {
        OptionKind.Number when IsBytes(key) => $"a whole number of bytes{Range(key)}, without a unit",
        OptionKind.Number => "a whole number" + Range(key),
        OptionKind.Seconds => $"a whole number of seconds{Range(key)}, without a unit",
        OptionKind.YesNo => "true or false",
        OptionKind.Word => "one of " + string.Join(", ", key.Words.Select(Quote)),
        OptionKind.Section => "a mapping with the keys " + KeyList(key.Shape),
        _ => key.Rule.Expected.Length > 0 ? key.Rule.Expected : "a text",
    };

    /// <summary>Explains a key that the section does not have.</summary>
    public static string ExplainUnknown(OptionShape shape, string name, string path, OptionShape root)
    {
        string where = path.Length == 0 ? "at the top of the file" : $"in '{path}'";
        if (s_secretNames.Contains(NearestWord.Fold(name), StringComparer.Ordinal))
        {
            return $"The key {Quote(name)} {where} would put a secret into the file. Use clickhouse.password_env with the name of an "
                + "environment variable, or clickhouse.password_file with the path of a file, and change the secret "
                + "if the file was shared.";
        }

        string unknown = $"Unknown key {Quote(name)} {where}";
        if (root.Walk().Any(known => known.Path == name) && name.Contains('.', StringComparison.Ordinal))
        {
            int dot = name.LastIndexOf('.');
            return $"{unknown}; keys do not contain dots. Write '{name[(dot + 1)..]}' under '{name[..dot]}:'.";
        }

        string? near = NearestWord.Find(name, shape.Keys.Select(key => key.Name));
        if (near is not null && NearestWord.Edits(name, near) <= 1)
        {
            return $"{unknown}; did you mean '{near}'?";
        }

        string? elsewhere = root.Walk().Select(known => known.Path).FirstOrDefault(known => IsNamed(known, name));
        if (elsewhere is not null)
        {
            int dot = elsewhere.LastIndexOf('.');
            return dot < 0
                ? $"{unknown}; '{name}' belongs at the top of the file."
                : $"{unknown}; '{name}' belongs in '{elsewhere[..dot]}'.";
        }

        return near is not null ? $"{unknown}; did you mean '{near}'?" : $"{unknown}; expected {KeyList(shape)}.";
    }

    private static bool IsNamed(string path, string name) =>
        path == name || (path.EndsWith(name, StringComparison.Ordinal) && path[^(name.Length + 1)] == '.');

    private static bool IsBytes(OptionKey key) => key.Name.EndsWith("_bytes", StringComparison.Ordinal);

    private static string Range(OptionKey key) =>
        key.Rule.HasRange ? $" between {key.Rule.Range.Minimum} and {key.Rule.Range.Maximum}" : "";

    private static string KeyList(OptionShape shape)
    {
        string listed = string.Join(", ", shape.Keys.Take(MaxKeysListed).Select(key => $"'{key.Name}'"));
        return shape.Keys.Count > MaxKeysListed ? listed + " and others" : listed;
    }
}
