using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using CfLogStream.Cli.Terminal;
using CfLogStream.Core.Logpush.Simd;
using CfLogStream.Server.Configuration;

namespace CfLogStream.Cli;

/// <summary>
/// The one boundary of the command line: parses the arguments, runs the verb, and turns whatever happens into text on stderr and an
/// <see cref="ExitCode"/>.
/// </summary>
internal sealed class VerbRunner
{
    private const string Name = "cflogstream";
    private const string NoVerb = "Required command was not provided.";
    private const string Stopped = "Stopped before the end; what was written so far stays.";

    private readonly CommandHost _host;
    private readonly RootCommand _root;

    public VerbRunner(CommandHost host, IEnumerable<Command> verbs)
    {
        _host = host;
        _root = new RootCommand("Tells why Cloudflare stops API traffic, and what to change.") { HelpName = Name };
        _root.Options.Add(new Option<string>(CommandContext.ConfigOption)
        {
            Description = $"The configuration file (or {CommandContext.ConfigVariable}); without one the defaults hold.",
            HelpName = "FILE",
            Recursive = true,
        });
        var format = new Option<string>(CommandContext.FormatOption)
        {
            Description = "How results are written to stdout.",
            HelpName = "text|json",
            DefaultValueFactory = static _ => "text",
            Recursive = true,
        };
        format.AcceptOnlyFromAmong("text", "json");
        _root.Options.Add(format);
        foreach (Command verb in verbs)
        {
            _root.Subcommands.Add(verb);
        }
    }

    /// <summary>Runs a command line in this process: its standard streams, environment and signals.</summary>
    public static async Task<int> RunProcessAsync(string[] args, IEnumerable<Command> verbs)
    {
        CommandHost host = CommandHost.ForProcess();
        using var signals = new StopSignals();
        return (int)await new VerbRunner(host, verbs).RunAsync(args, signals.Token).ConfigureAwait(false);
    }

    /// <summary>Runs a command line; nothing it does escapes as an exception.</summary>
    public async Task<ExitCode> RunAsync(string[] args, CancellationToken ct)
    {
        ExitCode exitCode;
        try
        {
            exitCode = await InvokeAsync(args, ct).ConfigureAwait(false);
        }
        catch (Exception problem)
        {
            exitCode = Explain(problem, ct);
        }

        return Finish(exitCode);
    }

    private static IEnumerable<string> Path(Command command) =>
        command.Parents.OfType<Command>().FirstOrDefault() is { } parent ? Path(parent).Append(command.Name) : [Name];

    private async Task<ExitCode> InvokeAsync(string[] args, CancellationToken ct)
    {
        // No response files: a path that begins with '@' is a path.
        ParseResult parse = _root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parse.Action is ParseErrorAction)
        {
            return ExplainUsage(parse);
        }

        if (!SimdSelection.TryChoose(_host.Environment(SimdSelection.EnvironmentVariable), out _, out string? problem))
        {
            throw CommandException.Usage(problem);
        }

        return (ExitCode)await parse.InvokeAsync(new VerbInvocation(_host), ct).ConfigureAwait(false);
    }

    private ExitCode ExplainUsage(ParseResult parse)
    {
        Command command = parse.CommandResult.Command;
        string unknown = parse.UnmatchedTokens.Count > 0 ? parse.UnmatchedTokens[0] : "";
        if (unknown.Length > 0 && unknown[0] != '-' && command.Subcommands.Count > 0)
        {
            string? near = NearestWord.Find(unknown, command.Subcommands.Where(verb => !verb.Hidden).Select(verb => verb.Name));
            WriteError($"There is no verb '{unknown}'{(near is null ? "." : $"; did you mean '{near}'?")}");
        }
        else
        {
            foreach (ParseError error in parse.Errors)
            {
                // The parser lists choices on lines of their own.
                WriteError(error.Message == NoVerb
                    ? "A verb is missing."
                    : error.Message.Replace(Environment.NewLine + "\t", " ", StringComparison.Ordinal));
            }
        }

        string verbs = string.Join(' ', Path(command));
        _host.Stderr.WriteLine($"Try '{verbs} --help'.");
        return ExitCode.Usage;
    }

    private ExitCode Explain(Exception problem, CancellationToken ct)
    {
        switch (problem)
        {
            case ReaderGoneException:
                return ExitCode.Failed;
            case ConfigurationException configuration:
                foreach (ConfigurationProblem one in configuration.Problems)
                {
                    WriteError(one.ToString());
                }

                return ExitCode.Configuration;
            case CommandException command:
                WriteError(command.Message);
                return command.ExitCode;
            case OperationCanceledException when ct.IsCancellationRequested:
                WriteError(Stopped);
                return ExitCode.Failed;
            default:
                WriteError("This is a mistake in cflogstream, not in what you did. Please report it with the following text.");
                _host.Stderr.WriteLine(TerminalText.EscapeLines(problem.ToString()));
                return ExitCode.Internal;
        }
    }

    /// <summary>Flushes the results. That nobody reads the rest of them any more changes nothing about what the verb found.</summary>
    private ExitCode Finish(ExitCode exitCode)
    {
        try
        {
            _host.Stdout.Flush();
            return exitCode;
        }
        catch (ReaderGoneException)
        {
            return exitCode;
        }
        catch (CommandException problem)
        {
            WriteError(problem.Message);
            return exitCode == ExitCode.Ok ? problem.ExitCode : exitCode;
        }
    }

    private void WriteError(string message) => _host.Stderr.WriteLine($"{Name}: {TerminalText.Escape(message)}");
}
