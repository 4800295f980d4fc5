using System.Text;
using CfLogStream.Server.Configuration;

namespace CfLogStream.Server.Tests.Configuration;

/// <summary>Configurations from text, as if they stood in <c>cflogstream.yaml</c>.</summary>
internal static class ConfigurationText
{
    public const string File = "cflogstream.yaml";

    public static CfLogStreamOptions Load(string yaml, params (string Name, string Value)[] environment) =>
        ConfigurationLoader.Parse(File, Encoding.UTF8.GetBytes(yaml), Variables(environment));

    public static string[] Problems(string yaml, params (string Name, string Value)[] environment) =>
        Problems(Encoding.UTF8.GetBytes(yaml), environment);

    public static string[] Problems(byte[] yaml, params (string Name, string Value)[] environment)
    {
        ConfigurationException problem = Assert.Throws<ConfigurationException>(
            () => ConfigurationLoader.Parse(File, yaml, Variables(environment)));
        return [.. problem.Problems.Select(one => one.ToString())];
    }

    public static string Problem(string yaml) => Assert.Single(Problems(yaml));

    private static Func<string, string?> Variables((string Name, string Value)[] environment) =>
        name => environment.FirstOrDefault(variable => variable.Name == name).Value;
}
