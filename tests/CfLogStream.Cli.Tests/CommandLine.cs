using System.CommandLine;

namespace CfLogStream.Cli.Tests;

/// <summary>Runs command lines in this process and keeps what they print.</summary>
internal static class CommandLine
{
    public static async Task<CommandOutcome> RunAsync(
        string[] args,
        IEnumerable<Command> verbs,
        Func<string, string?>? environment = null,
        CancellationToken? stop = null)
    {
        using var stdout = new StringWriter { NewLine = "\n" };
        using var stderr = new StringWriter { NewLine = "\n" };
        var host = new CommandHost { Stdout = stdout, Stderr = stderr, Environment = environment ?? (static _ => null) };
        ExitCode exitCode = await new VerbRunner(host, verbs).RunAsync(args, stop ?? TestContext.Current.CancellationToken);
        return new CommandOutcome(exitCode, stdout.ToString(), stderr.ToString());
    }
}

/// <summary>What a command line did.</summary>
internal sealed record CommandOutcome(ExitCode ExitCode, string Stdout, string Stderr);
