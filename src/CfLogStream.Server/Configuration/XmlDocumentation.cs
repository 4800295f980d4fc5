using System.Reflection;
using System.Text;
using System.Xml.Linq;

namespace CfLogStream.Server.Configuration;

/// <summary>The XML documentation of an assembly, from the file that the compiler puts beside it.</summary>
internal sealed class XmlDocumentation
{
    private readonly Dictionary<string, XElement> _members;

    private XmlDocumentation(Dictionary<string, XElement> members)
    {
        _members = members;
    }

    /// <summary>Reads the documentation of the assembly that declares a type.</summary>
    /// <exception cref="FileNotFoundException">The documentation file is not beside the assembly.</exception>
    public static XmlDocumentation Of(Assembly assembly)
    {
        string file = Path.Combine(AppContext.BaseDirectory, $"{assembly.GetName().Name}.xml");
        return new XmlDocumentation(
            XDocument.Load(file).Descendants("member").ToDictionary(member => member.Attribute("name")!.Value, StringComparer.Ordinal));
    }

    /// <summary>Returns a part (summary, value, remarks) of a type's documentation as Markdown; empty when there is none.</summary>
    public string OfType(Type type, string part) => Part($"T:{type.FullName}", part);

    /// <summary>As <see cref="OfType"/>, for a property. A positional record documents it as a parameter.</summary>
    public string OfProperty(PropertyInfo property, string part)
    {
        Type owner = property.DeclaringType!;
        string text = Part($"P:{owner.FullName}.{property.Name}", part);
        if (text.Length > 0 || part != "summary" || !_members.TryGetValue($"T:{owner.FullName}", out XElement? member))
        {
            return text;
        }

        XElement? parameter = member.Elements("param").FirstOrDefault(element => element.Attribute("name")?.Value == property.Name);
        return parameter is null ? "" : Markdown(parameter);
    }

    private static string Markdown(XElement element)
    {
        var text = new StringBuilder();
        foreach (XNode node in element.Nodes())
        {
            switch (node)
            {
                case XText plain:
                    text.Append(plain.Value);
                    break;
                case XElement { Name.LocalName: "c" } code:
                    text.Append('`').Append(code.Value).Append('`');
                    break;
                case XElement see when see.Attribute("cref") is { } reference:
                    text.Append('`').Append(reference.Value[(reference.Value.LastIndexOf('.') + 1)..]).Append('`');
                    break;
                case XElement other:
                    text.Append(' ').Append(Markdown(other)).Append(' ');
                    break;
            }
        }

        return string.Join(' ', text.ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }

    private string Part(string member, string part) =>
        _members.TryGetValue(member, out XElement? element) && element.Element(part) is { } found ? Markdown(found) : "";
}
