namespace CfLogStream.Server.Configuration;

/// <summary>One key of a configuration and the value in force.</summary>
/// <param name="Key">The full key, for instance <c>reader.max_line_bytes</c>.</param>
/// <param name="Value">A <see cref="string"/>, a <see cref="long"/>, a <see cref="bool"/>, or the number of items of a list.</param>
public sealed record EffectiveValue(string Key, object Value)
{
    /// <summary>Returns every key with its value, in the order of the documentation; lists as their number of items, no secrets.</summary>
    public static IReadOnlyList<EffectiveValue> Of(CfLogStreamOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var values = new List<EffectiveValue>();
        Add(values, OptionShape.Of(typeof(CfLogStreamOptions)), options, "");
        return values;
    }

    private static void Add(List<EffectiveValue> values, OptionShape shape, object record, string prefix)
    {
        foreach (OptionKey key in shape.Keys)
        {
            object value = key.Property.GetValue(record)!;
            string path = prefix + key.Name;
            if (key.Kind == OptionKind.Section && !key.IsList)
            {
                Add(values, key.Shape, value, path + ".");
                continue;
            }

            values.Add(new EffectiveValue(path, value switch
            {
                System.Collections.ICollection list => (long)list.Count,
                TimeSpan span => (long)span.TotalSeconds,
                int number => (long)number,
                uint number => (long)number,
                _ => value is long or bool ? value : OptionKey.Written(value),
            }));
        }
    }
}
