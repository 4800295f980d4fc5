using System.Text.Json;
using System.Text.RegularExpressions;
using CfLogStream.Server.Configuration;

namespace CfLogStream.Server.Tests.Configuration;

public sealed class GeneratedFilesTests
{
    private static readonly string s_root = RepositoryRoot.Find();

    [Fact]
    public void ConfigurationPage_IsNotStale()
    {
        AssertFresh("docs/configuration.md", ConfigurationDocumentation.Write(), "configuration");
    }

    [Fact]
    public void ConfigurationSchema_IsNotStale()
    {
        AssertFresh("schemas/cflogstream.schema.json", ConfigurationSchema.Write(), "schema");
    }

    [Fact]
    public void ConfigurationPage_ExplainsEveryKey()
    {
        string page = ConfigurationDocumentation.Write();

        Assert.All(OptionShape.Of(typeof(CfLogStreamOptions)).Walk(), option =>
        {
            Assert.Contains($"| `{option.Path}` |", page, StringComparison.Ordinal);
            Assert.NotEqual("", OptionText.OfKey(option.Key));
        });
    }

    [Fact]
    public void ConfigurationSchema_KnowsExactlyTheKeysOfTheBinder()
    {
        using var schema = JsonDocument.Parse(ConfigurationSchema.Write());

        Assert.Equal(
            OptionShape.Of(typeof(CfLogStreamOptions)).Walk().Select(option => option.Path),
            Keys(schema.RootElement, ""));
    }

    [Fact]
    public void Example_IsValid()
    {
        CfLogStreamOptions options = ConfigurationLoader.Load(Path.Combine(s_root, "docs", "cflogstream.example.yaml"), _ => null);

        Assert.Equal(2u, options.Classification.Generation);
        Assert.Equal(400, options.Clickhouse.RetentionDays.Aggregates);
    }

    [Fact]
    public void Example_WithItsCommentedKeys_IsValid()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("cflogstream-example-");
        try
        {
            string example = File.ReadAllText(Path.Combine(s_root, "docs", "cflogstream.example.yaml"));
            string complete = Regex.Replace(example, @"^( *)# (?=[a-z_]+:( [^ ]+)?$|  - )", "$1", RegexOptions.Multiline);
            string file = Path.Combine(folder.FullName, "cflogstream.yaml");
            File.WriteAllText(file, complete);
            Directory.CreateDirectory(Path.Combine(folder.FullName, "openapi"));
            File.WriteAllText(Path.Combine(folder.FullName, "openapi", "shop.yaml"), "openapi: 3.0.0");

            CfLogStreamOptions options = ConfigurationLoader.Load(file, name => name == "CFLOGSTREAM_CLICKHOUSE_PASSWORD" ? "x" : null);

            Assert.Equal("https://clickhouse.example.com:8443", options.Clickhouse.Url);
            Assert.Equal("x", options.Clickhouse.Password.Reveal());
            Assert.Single(options.OpenapiFiles);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void AssertFresh(string file, string expected, string document)
    {
        string path = Path.Combine(s_root, file);
        string committed = File.Exists(path) ? File.ReadAllText(path) : "";
        Assert.True(
            committed == expected,
            $"{file} is stale. Refresh it with: dotnet run --project src/CfLogStream.Cli -- docs {document} > {file}");
    }

    private static IEnumerable<string> Keys(JsonElement schema, string prefix)
    {
        Assert.False(schema.GetProperty("additionalProperties").GetBoolean());
        foreach (JsonProperty property in schema.GetProperty("properties").EnumerateObject())
        {
            string path = prefix + property.Name;
            yield return path;
            bool isList = property.Value.TryGetProperty("items", out JsonElement items);
            JsonElement inner = isList ? items : property.Value;
            if (inner.TryGetProperty("properties", out _))
            {
                foreach (string key in Keys(inner, path + (isList ? "[]." : ".")))
                {
                    yield return key;
                }
            }
        }
    }
}
