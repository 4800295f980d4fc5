using System.CommandLine;

namespace CfLogStream.Cli;

/// <summary>Does what a verb is for.</summary>
internal delegate Task<ExitCode> VerbBody(ParseResult parse, CommandContext context, CancellationToken ct);

/// <summary>Ties a command of the command line to the code behind it.</summary>
internal static class VerbExtensions
{
    /// <summary>Sets what the command does; exceptions are left to <see cref="VerbRunner"/>.</summary>
    public static Command Runs(this Command command, VerbBody body)
    {
        command.Action = new VerbAction(body);
        return command;
    }
}
