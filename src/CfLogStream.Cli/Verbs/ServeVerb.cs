using System.CommandLine;
using CfLogStream.Cli.Serving;

namespace CfLogStream.Cli.Verbs;

/// <summary><c>serve --roles ingest,process</c>: runs until it is stopped.</summary>
internal static class ServeVerb
{
    /// <summary>The environment twin of <c>--log-format</c>.</summary>
    public const string LogFormatVariable = "CFLOGSTREAM_LOG_FORMAT";

    public static Command Create()
    {
        var roles = new Option<string>("--roles")
        {
            Description = "What this process does, with commas between: ingest, process.",
            HelpName = "ROLES",
            DefaultValueFactory = static _ => "ingest,process",
        };
        var logFormat = new Option<string?>("--log-format")
        {
            Description = $"How it says on stderr what it does: text, or one JSON object per line (or {LogFormatVariable}). Default: text.",
            HelpName = "text|json",
        };
        var store = new StoreArguments();
        var command = new Command("serve", "Runs as a service: brings records to the log, works through the log, until SIGTERM.") { roles, logFormat };
        store.AddTo(command);
        return command.Runs((parse, context, ct) => ServeRun.RunAsync(
            context, Parse(parse.GetValue(roles)!), store.Read(parse), ParseLogFormat(parse.GetValue(logFormat), context.Host), ct));
    }

    internal static OutputFormat ParseLogFormat(string? given, CommandHost host)
    {
        string? variable = host.Environment(LogFormatVariable);
        (string name, string? value) = given is not null ? ("'--log-format'", given) : (LogFormatVariable, variable);
        return value switch
        {
            null or "" or "text" => OutputFormat.Text,
            "json" => OutputFormat.Json,
            _ => throw CommandException.Usage($"The value of {name} is '{value}'; expected 'text' or 'json'."),
        };
    }

    internal static Roles Parse(string text)
    {
        Roles roles = Roles.None;
        foreach (string word in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            roles |= word switch
            {
                "ingest" => Roles.Ingest,
                "process" => Roles.Process,
                _ => throw CommandException.Usage($"The value of '--roles' has '{word}'; expected 'ingest', 'process', or both with a comma between."),
            };
        }

        return roles != Roles.None ? roles : throw CommandException.Usage("The value of '--roles' is empty; expected 'ingest', 'process', or both.");
    }
}
