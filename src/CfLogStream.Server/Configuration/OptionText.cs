using System.Collections.Concurrent;
using System.Reflection;

namespace CfLogStream.Server.Configuration;

/// <summary>What the source says about options, for the documentation and the JSON schema.</summary>
internal static class OptionText
{
    private static readonly ConcurrentDictionary<Assembly, XmlDocumentation> s_documentation = new();

    /// <summary>Returns what a section or an item is, with its remarks.</summary>
    public static string OfType(Type type) =>
        Join(Documentation(type).OfType(type, "summary"), Documentation(type).OfType(type, "remarks"));

    /// <summary>Returns what a key means, with its default in words and its remarks.</summary>
    public static string OfKey(OptionKey key)
    {
        XmlDocumentation documentation = Documentation(key.Property.DeclaringType!);
        string value = documentation.OfProperty(key.Property, "value");
        return Join(
            documentation.OfProperty(key.Property, "summary"),
            value.Length > 0 ? $"Default: {value}" : "",
            documentation.OfProperty(key.Property, "remarks"));
    }

    private static XmlDocumentation Documentation(Type type) => s_documentation.GetOrAdd(type.Assembly, XmlDocumentation.Of);

    private static string Join(params ReadOnlySpan<string> parts)
    {
        var present = new List<string>();
        foreach (string part in parts)
        {
            if (part.Length > 0)
            {
                present.Add(part);
            }
        }

        return string.Join(' ', present);
    }
}
