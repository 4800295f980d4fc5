using System.CommandLine;
using System.CommandLine.Invocation;

namespace CfLogStream.Cli;

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
