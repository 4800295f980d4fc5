using System.CommandLine;
using CfLogStream.Cli.Terminal;
using CfLogStream.Core.Traffic;
using CfLogStream.Server.Configuration;

namespace CfLogStream.Cli;

/// <summary>What a verb gets beside its own options: the process around it and the options every verb has.</summary>
internal sealed class CommandContext
{
    /// <summary>The environment twin of <c>--config</c>.</summary>
    public const string ConfigVariable = "CFLOGSTREAM_CONFIG";

    /// <summary>The option that names the configuration file.</summary>
    public const string ConfigOption = "--config";

    /// <summary>The option that chooses between text and JSON.</summary>
    public const string FormatOption = "--format";

    public CommandContext(ParseResult parse, CommandHost host)
    {
        Host = host;
        Format = parse.GetValue<string>(FormatOption) == "json" ? OutputFormat.Json : OutputFormat.Text;
        string? variable = host.Environment(ConfigVariable);
        ConfigFile = parse.GetValue<string>(ConfigOption) ?? (string.IsNullOrEmpty(variable) ? null : variable);
    }

    public CommandHost Host { get; }

    public TextWriter Stdout => Host.Stdout;

    public TextWriter Stderr => Host.Stderr;

    /// <summary><c>--format</c>.</summary>
    public OutputFormat Format { get; }

    /// <summary><c>--config</c> or its environment twin; null when neither is given, which means the defaults.</summary>
    public string? ConfigFile { get; }

    /// <summary>
    /// Returns the configuration with the templates of its OpenAPI files, or throws <see cref="ConfigurationException"/> with every
    /// problem of the file. What is wrong inside an OpenAPI file is a warning on stderr: the rest of it is used.
    /// </summary>
    public CfLogStreamOptions LoadOptions()
    {
        LoadedConfiguration? configuration = LoadConfiguration();
        if (configuration is null)
        {
            return new CfLogStreamOptions();
        }

        var problems = new List<(string Key, string Message)>();
        ClassificationSettings classification = ApiDescriptions.Apply(configuration.Options, problems);
        foreach ((string key, string message) in problems)
        {
            Stderr.WriteLine($"cflogstream: warning: {TerminalText.Escape(configuration.Problem(key, message).ToString())}");
        }

        return configuration.Options with { Classification = classification };
    }

    /// <summary>Returns the file alone, with the places of its keys; null when there is no file.</summary>
    public LoadedConfiguration? LoadConfiguration() =>
        ConfigFile is null ? null : ConfigurationLoader.Read(ConfigFile, Host.Environment);
}
