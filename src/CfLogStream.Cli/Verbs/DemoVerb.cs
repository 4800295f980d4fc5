using System.CommandLine;
using CfLogStream.Generator;
using CfLogStream.Server.Analysis;
using CfLogStream.Server.Storage;

namespace CfLogStream.Cli.Verbs;

/// <summary><c>demo</c>: generates an incident as Logpush would upload it, and analyses it.</summary>
internal static class DemoVerb
{
    private const string Folder = "cflogstream-demo";
    private const string Scenario = "custom-rule-hits-api";
    private const long Records = 60_000;
    private const ulong Seed = 7;

    public static Command Create()
    {
        var folder = new Option<string>("--out")
        {
            Description = "The folder for the uploads and the data.",
            HelpName = "DIR",
            DefaultValueFactory = static _ => Folder,
        };
        var command = new Command("demo", "Generates an incident and analyses it.") { folder };
        return command.Runs((parse, context, ct) => RunAsync(parse.GetValue(folder)!, context, ct));
    }

    private static async Task<ExitCode> RunAsync(string folder, CommandContext context, CancellationToken ct)
    {
        string uploads = Path.Combine(folder, "logs");
        string data = Path.Combine(folder, "data");
        if (Directory.Exists(uploads))
        {
            Directory.Delete(uploads, recursive: true);
        }

        await context.Stderr.WriteLineAsync($"Generating {Records:N0} records of the scenario '{Scenario}' in '{uploads}' …".AsMemory(), ct).ConfigureAwait(false);
        await GenerateVerb.GenerateAsync(
            new GeneratorOptions { Scenario = Scenario, Seed = Seed, Records = Records, Folder = uploads, Oddities = Oddities.All }, ct).ConfigureAwait(false);
        ExitCode code = await AnalysisRun.RunAsync(
            context, [uploads], new AnalysisScope(), new StoreOptions { DataFolder = data }, threads: null, ct).ConfigureAwait(false);
        await context.Stderr.WriteLineAsync(
            $"The uploads are in '{uploads}', the tables in '{data}'. Look at one of the requests above with 'cflogstream ray RAYID --data {data}'.".AsMemory(),
            ct).ConfigureAwait(false);
        return code;
    }
}
