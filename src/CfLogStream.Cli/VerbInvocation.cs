using System.CommandLine;

namespace CfLogStream.Cli;

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
