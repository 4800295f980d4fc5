using System.CommandLine;
using System.CommandLine.Invocation;

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

/// <summary>The action of a verb: it finds the host in the configuration of the invocation.</summary>
internal sealed class VerbAction(VerbBody body) : AsynchronousCommandLineAction
{
    public override async Task<int> InvokeAsync(ParseResult parseResult, CancellationToken cancellationToken = default)
    {
        var invocation = (VerbInvocation)parseResult.InvocationConfiguration;
        var context = new CommandContext(parseResult, invocation.Host);
        return (int)await body(parseResult, context, cancellationToken).ConfigureAwait(false);
    }
}

/// <summary>Carries the host to the verb; signals and exceptions are the runner's business, not the parser's.</summary>
internal sealed class VerbInvocation : InvocationConfiguration
{
    public VerbInvocation(CommandHost host)
    {
        Host = host;
        Output = host.Stdout;
        Error = host.Stderr;
        EnableDefaultExceptionHandler = false;
        ProcessTerminationTimeout = null;
    }

    public CommandHost Host { get; }
}
