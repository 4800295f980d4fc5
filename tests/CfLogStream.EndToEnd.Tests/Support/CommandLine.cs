using CfLogStream.Cli;
using CfLogStream.Cli.Verbs;

namespace CfLogStream.EndToEnd.Tests.Support;

/// <summary>Runs a command line in this process as the program would.</summary>
internal static class CommandLine
{
    public static async Task<CommandResult> RunAsync(params string[] args)
    {
        using var stdout = new StringWriter();
        using var stderr = new StringWriter();
        var host = new CommandHost { Stdout = stdout, Stderr = stderr };
        ExitCode code = await new VerbRunner(host, VerbList.All()).RunAsync(args, TestContext.Current.CancellationToken);
        return new CommandResult((int)code, stdout.ToString(), stderr.ToString());
    }
}

/// <summary>What a command line gave.</summary>
internal sealed record CommandResult(int ExitCode, string Stdout, string Stderr);
