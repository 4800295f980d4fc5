using System.Reflection;
using System.Xml.Linq;

namespace CfLogStream.EndToEnd.Tests.Architecture;

/// <summary>Which project may use which: the arrows of docs/architecture.md.</summary>
public sealed class ArrowTests
{
    public static TheoryData<string, string[]> Arrows => new()
    {
        { "CfLogStream.Core", [] },
        { "CfLogStream.Generator", [] },
        { "CfLogStream.ClickHouse", ["CfLogStream.Core"] },
        { "CfLogStream.ClickHouse.Embedded", ["CfLogStream.Core"] },
        { "CfLogStream.Kafka", ["CfLogStream.Core"] },
        { "CfLogStream.Server", ["CfLogStream.Core", "CfLogStream.Kafka", "CfLogStream.ClickHouse", "CfLogStream.ClickHouse.Embedded"] },
        { "cflogstream", ["CfLogStream.Core", "CfLogStream.Kafka", "CfLogStream.ClickHouse", "CfLogStream.ClickHouse.Embedded", "CfLogStream.Generator", "CfLogStream.Server"] },
    };

    [Theory]
    [MemberData(nameof(Arrows))]
    public void Assembly_References_StayWithinItsArrows(string assembly, string[] allowed)
    {
        IEnumerable<string> references = Assembly.Load(assembly).GetReferencedAssemblies()
            .Select(reference => reference.Name!)
            .Where(name => name.StartsWith("CfLogStream", StringComparison.Ordinal));
        Assert.Empty(references.Except(allowed));
    }

    [Fact]
    public void Core_Project_ReferencesNoPackage()
    {
        XDocument project = XDocument.Load(Path.Combine(Repository.Root, "src", "CfLogStream.Core", "CfLogStream.Core.csproj"));
        Assert.Empty(project.Descendants("PackageReference"));
        Assert.Empty(project.Descendants("ProjectReference"));
        Assert.Empty(project.Descendants("FrameworkReference"));
    }
}
