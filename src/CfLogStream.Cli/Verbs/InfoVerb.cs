using System.CommandLine;

namespace CfLogStream.Cli.Verbs;

internal static class InfoVerb
{
    public static Command Create() =>
        new Command("info", "Prints versions, what this machine offers, and the limits in force.")
            .Runs((_, context, ct) => RunAsync(context.Stdout, ct));

    internal static async Task<ExitCode> RunAsync(TextWriter stdout, CancellationToken ct)
    {
        await stdout.WriteLineAsync($"cflogstream {typeof(InfoVerb).Assembly.GetName().Version}".AsMemory(), ct).ConfigureAwait(false);
        return ExitCode.Ok;
    }
}
