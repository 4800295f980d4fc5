using System.CommandLine;
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

    /// <summary>Returns the configuration, or throws <see cref="ConfigurationException"/> with every problem of the file.</summary>
    public CfLogStreamOptions LoadOptions() => LoadConfiguration()?.Options ?? new CfLogStreamOptions();

    /// <summary>As <see cref="LoadOptions"/>, with the places of the keys; null when there is no file.</summary>
    public LoadedConfiguration? LoadConfiguration() =>
        ConfigFile is null ? null : ConfigurationLoader.Read(ConfigFile, Host.Environment);
}
