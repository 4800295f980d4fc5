using System.Globalization;
using System.Reflection;
using System.Text;

namespace CfLogStream.Server.Configuration;

/// <summary>One key of the configuration: its name in the file and the property behind it.</summary>
internal sealed class OptionKey
{
    private const string SecondsSuffix = "_secs";

    /// <param name="property">The property of an option record.</param>
    /// <param name="defaultValue">Its value in a record made without arguments; null for a key that must be given.</param>
    public OptionKey(PropertyInfo property, object? defaultValue)
    {
        Property = property;
        Rule = OptionRules.For(property.DeclaringType!, property.Name);
        Type type = property.PropertyType;
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>))
        {
            IsList = true;
            type = type.GetGenericArguments()[0];
        }

        ValueType = type;
        Kind = Rule.Words.Count > 0 ? OptionKind.Word : KindOf(type);
        Name = SnakeCase(property.Name) + (Kind == OptionKind.Seconds ? SecondsSuffix : "");
        Default = defaultValue;
    }

    /// <summary>The name in the file.</summary>
    public string Name { get; }

    public PropertyInfo Property { get; }

    public OptionRule Rule { get; }

    /// <summary>What it holds; for a list, what each item holds.</summary>
    public OptionKind Kind { get; }

    public bool IsList { get; }

    /// <summary>The type of the value; for a list, of each item.</summary>
    public Type ValueType { get; }

    /// <summary>The value when the file does not have the key; null when the file must have it.</summary>
    public object? Default { get; }

    /// <summary>The keys of the section or of each item.</summary>
    public OptionShape Shape => OptionShape.Of(ValueType);

    /// <summary>The words of a key that holds one of several.</summary>
    public IEnumerable<string> Words => ValueType.IsEnum ? Enum.GetNames(ValueType).Select(SnakeCase) : Rule.Words;

    /// <summary>Returns a value as it is written in the file.</summary>
    public static string Written(object value) => value switch
    {
        TimeSpan span => ((long)span.TotalSeconds).ToString(CultureInfo.InvariantCulture),
        bool yes => yes ? "true" : "false",
        Enum word => SnakeCase(word.ToString()),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    /// <summary>Returns <c>max_line_bytes</c> for <c>MaxLineBytes</c>.</summary>
    internal static string SnakeCase(string name)
    {
        var snake = new StringBuilder(name.Length + 4);
        foreach (char c in name)
        {
            if (char.IsUpper(c) && snake.Length > 0)
            {
                snake.Append('_');
            }

            snake.Append(char.ToLowerInvariant(c));
        }

        return snake.ToString();
    }

    private static OptionKind KindOf(Type type) =>
        type == typeof(string) ? OptionKind.Text
        : type == typeof(int) || type == typeof(long) || type == typeof(uint) ? OptionKind.Number
        : type == typeof(TimeSpan) ? OptionKind.Seconds
        : type == typeof(bool) ? OptionKind.YesNo
        : type.IsEnum ? OptionKind.Word
        : OptionKind.Section;
}
