using CfLogStream.Core.Traffic;
using CfLogStream.Server.Configuration;

namespace CfLogStream.Server.Tests.Configuration;

public sealed class ConfigurationLoaderTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cflogstream-config-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Load_EveryKindOfKey_IsBound()
    {
        CfLogStreamOptions options = ConfigurationText.Load("""
            reader:
              max_line_bytes: 65536
              extra_fields: [ClientCity, "RequestHeaders.x-tenant"]
            classification:
              generation: 4294967295
              path_templates:
                - /v1/users/{user}
                - api.example.com/t/{tenant}
              surfaces:
                - host: api.example.com
                  surface: api
                - path_prefix: /assets/
                  surface: asset
              clients:
                - {token: ^Acme/, class: webhook, name: acme, source: "https://docs.acme.example"}
                - token: "=Exact Agent"
                  class: sdk
                  name: exact
            correlation:
              allowed_lateness_secs: 0
              sample_one_of: 7
            clickhouse:
              url: https://ch.example.com:8443/clickhouse
              cluster: "{cluster}"
              retention_days: {requests: 30}
            analysis:
              reorder_bytes: 8589934592
              disorder_secs: 60
            """);

        Assert.Equal(65536, options.Reader.MaxLineBytes);
        Assert.Equal(["ClientCity", "RequestHeaders.x-tenant"], options.Reader.ExtraFields);
        Assert.Equal(uint.MaxValue, options.Classification.Generation);
        Assert.Equal(["/v1/users/{user}", "api.example.com/t/{tenant}"], options.Classification.PathTemplates);
        Assert.Equal(
            [new SurfaceOverride("api.example.com", "", Surface.Api), new SurfaceOverride("", "/assets/", Surface.Asset)],
            options.Classification.Surfaces);
        Assert.Equal(
            [
                new ClientToken("^Acme/", "webhook", "acme", "https://docs.acme.example"),
                new ClientToken("=Exact Agent", "sdk", "exact", "configuration"),
            ],
            options.Classification.Clients);
        Assert.Equal(TimeSpan.Zero, options.Correlation.AllowedLateness);
        Assert.Equal(7, options.Correlation.SampleOneOf);
        Assert.Equal("https://ch.example.com:8443/clickhouse", options.Clickhouse.Url);
        Assert.Equal("{cluster}", options.Clickhouse.Cluster);
        Assert.Equal(new RetentionSection { Requests = 30 }, options.Clickhouse.RetentionDays);
        Assert.Equal(8L * 1024 * 1024 * 1024, options.Analysis.ReorderBytes);
        Assert.Equal(TimeSpan.FromMinutes(1), options.Analysis.Disorder);
    }

    [Fact]
    public void Load_EveryClassOfClients_IsAcceptedByTheClassifier()
    {
        OptionKey key = OptionShape.Of(typeof(CfLogStreamOptions)).Walk()
            .Single(option => option.Path == "classification.clients[].class").Key;
        string clients = string.Join(", ", key.Words.Select(word => $"{{token: Acme-{word}, class: {word}, name: acme}}"));

        CfLogStreamOptions options = ConfigurationText.Load($"classification: {{clients: [{clients}]}}");

        Assert.Equal(14, options.Classification.Clients.Count);
        Assert.NotNull(new TrafficClassifier(options.Classification));
    }

    [Fact]
    public void Load_DerivedSettings_FollowTheKeysTheyComeFrom()
    {
        CfLogStreamOptions options = ConfigurationText.Load("""
            reader: {extra_fields: [ClientCity]}
            correlation: {sample_one_of: 7}
            """);

        Assert.Equal(["ClientCity"], options.Classification.ExtraFields);
        Assert.Equal(7, options.Classification.SampleOneOf);
    }

    [Fact]
    public void Defaults_OfDerivedSettings_AgreeWithTheKeysTheyComeFrom()
    {
        var options = new CfLogStreamOptions();

        Assert.Equal(options.Reader.ExtraFields, options.Classification.ExtraFields);
        Assert.Equal(options.Correlation.SampleOneOf, options.Classification.SampleOneOf);
    }

    [Fact]
    public void Load_TextThatLooksLikeSomethingElse_StaysText()
    {
        CfLogStreamOptions options = ConfigurationText.Load("""
            clickhouse: {user: 0123, database: no}
            classification: {clients: [{token: "true", class: sdk, name: 1.5}]}
            """);

        Assert.Equal("0123", options.Clickhouse.User);
        Assert.Equal("no", options.Clickhouse.Database);
        Assert.Equal("1.5", options.Classification.Clients[0].Name);
    }

    [Fact]
    public void Load_AnchorsAndAliases_AreFollowed()
    {
        CfLogStreamOptions options = ConfigurationText.Load("""
            correlation:
              templates_per_window_host: &many 5000
              hosts_per_window_zone: *many
            """);

        Assert.Equal(5000, options.Correlation.HostsPerWindowZone);
    }

    [Fact]
    public void Load_PasswordFromTheEnvironment_IsKeptButNeverPrinted()
    {
        CfLogStreamOptions options = ConfigurationText.Load("clickhouse: {password_env: CH_PASSWORD}", ("CH_PASSWORD", "hunter2"));

        Assert.Equal("hunter2", options.Clickhouse.Password.Reveal());
        Assert.Equal("***", options.Clickhouse.Password.ToString());
        Assert.DoesNotContain("hunter2", options.ToString(), StringComparison.Ordinal);
        Assert.Contains("Password = ***", options.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(EffectiveValue.Of(options), value => $"{value.Value}".Contains("hunter2", StringComparison.Ordinal));
    }

    [Fact]
    public void Load_PasswordFromAFile_IsReadRelativeToTheConfigurationWithoutItsLineEnd()
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "secret"), " hunter2 \r\n");
        string file = Write("clickhouse: {password_file: secret}");

        CfLogStreamOptions options = ConfigurationLoader.Load(file, _ => null);

        Assert.Equal(" hunter2 ", options.Clickhouse.Password.Reveal());
        Assert.Equal(Path.Combine(_folder.FullName, "secret"), options.Clickhouse.PasswordFile);
    }

    [Fact]
    public void Load_OpenapiFiles_AreRelativeToTheConfiguration()
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "shop.yaml"), "openapi: 3.0.0");
        string file = Write("openapi_files: [./shop.yaml]");

        Assert.Equal([Path.Combine(_folder.FullName, "shop.yaml")], ConfigurationLoader.Load(file, _ => null).OpenapiFiles);
    }

    [Fact]
    public void Load_FilesThatAreMissing_AreAllNamedWithTheirPlace()
    {
        string file = Write("""
            clickhouse:
              password_file: nowhere
            openapi_files:
              - shop.yaml
            """);

        ConfigurationException problem = Assert.Throws<ConfigurationException>(() => ConfigurationLoader.Load(file, _ => null));

        Assert.Equal(
            [
                $"{file}:2:18: clickhouse.password_file names the file '{_folder.FullName}/nowhere', which does not exist.",
                $"{file}:4:5: openapi_files[0] is 'shop.yaml'; there is no file '{_folder.FullName}/shop.yaml'.",
            ],
            problem.Problems.Select(one => one.ToString()));
        Assert.Equal(string.Join('\n', problem.Problems), problem.Message);
    }

    [Fact]
    public void Load_EmptyOrHugePasswordFile_IsRefused()
    {
        string secret = Path.Combine(_folder.FullName, "secret");
        string file = Write("clickhouse: {password_file: secret}");

        File.WriteAllText(secret, "\n");
        Assert.Equal($"{file}:1:29: clickhouse.password_file names the file '{secret}', which is empty.", Only(file));
        File.WriteAllText(secret, new string('x', 65537));
        Assert.Equal($"{file}:1:29: clickhouse.password_file names the file '{secret}', which has more than 65536 bytes.", Only(file));
    }

    [Fact]
    public void Load_NoFile_SaysSo()
    {
        string file = Path.Combine(_folder.FullName, "none.yaml");

        Assert.Equal($"{file}: There is no such file.", Only(file));
        Assert.Equal($"{_folder.FullName}: This is a folder; expected a configuration file.", Only(_folder.FullName));
    }

    [Fact]
    public void Load_FileOverTheLimit_IsNotReadToItsEnd()
    {
        string file = Path.Combine(_folder.FullName, "big.yaml");
        File.WriteAllBytes(file, new byte[10 * 1024 * 1024]);

        Assert.Equal($"{file}: The file is larger than the 1048576 bytes a configuration may have.", Only(file));
    }

    [Fact]
    public void Problem_OfALaterCheck_StandsAtTheValueOfItsKey()
    {
        string file = Write("reader:\n  max_depth: 32\n");

        LoadedConfiguration configuration = ConfigurationLoader.Read(file, _ => null);

        Assert.Equal($"{file}:2:14: Wrong.", configuration.Problem("reader.max_depth", "Wrong.").ToString());
        Assert.Equal($"{file}: Wrong.", configuration.Problem("reader.max_line_bytes", "Wrong.").ToString());
    }

    private static string Only(string file) =>
        Assert.Single(Assert.Throws<ConfigurationException>(() => ConfigurationLoader.Load(file, _ => null)).Problems).ToString();

    private string Write(string yaml)
    {
        string file = Path.Combine(_folder.FullName, "cflogstream.yaml");
        File.WriteAllText(file, yaml);
        return file;
    }
}
