using CfLogStream.Core.Traffic;
using CfLogStream.Core.Traffic.Paths;
using CfLogStream.Server.Configuration;

namespace CfLogStream.Server.Tests.Configuration;

public sealed class ApiDescriptionsTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cflogstream-openapi-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Apply_SeveralFiles_JoinsTheirTemplatesInOrderOnce()
    {
        var options = new CfLogStreamOptions
        {
            OpenapiFiles = [Write("a.yaml", "/pets", "/pets/{id}"), Write("b.yaml", "/pets", "/shops")],
            Classification = new ClassificationSettings { PathTemplates = ["/mine/{id}"] },
        };
        var problems = new List<(string, string)>();

        ClassificationSettings settings = ApiDescriptions.Apply(options, problems);

        Assert.Empty(problems);
        Assert.Equal(["/pets", "/pets/{id}", "/shops"], settings.ApiTemplates);
        Assert.Equal(["/mine/{id}"], settings.PathTemplates);
        var errors = new List<string>();
        Assert.Equal(4, TemplateSet.Compile(settings, errors).Count);
        Assert.Empty(errors);
    }

    [Fact]
    public void Apply_OneBadFile_NamesItAndUsesTheOthers()
    {
        string missing = Path.Combine(_folder.FullName, "none.yaml");
        var options = new CfLogStreamOptions { OpenapiFiles = [missing, Write("b.yaml", "/shops")] };
        var problems = new List<(string Key, string Message)>();

        ClassificationSettings settings = ApiDescriptions.Apply(options, problems);

        Assert.Equal(["/shops"], settings.ApiTemplates);
        (string key, string message) = Assert.Single(problems);
        Assert.Equal("openapi_files[0]", key);
        Assert.StartsWith($"Cannot read the API description '{missing}': ", message, StringComparison.Ordinal);
    }

    private string Write(string name, params string[] paths)
    {
        string file = Path.Combine(_folder.FullName, name);
        File.WriteAllText(
            file,
            "openapi: 3.0.3\ninfo: {title: t, version: 1}\npaths:\n" + string.Concat(paths.Select(path => $"  {path}: {{get: {{}}}}\n")));
        return file;
    }
}
