using System.CommandLine;
using CfLogStream.Server.Backup;

namespace CfLogStream.Cli.Verbs;

/// <summary><c>restore --from FILE</c>: makes a data folder from a backup, or only checks the backup.</summary>
internal static class RestoreVerb
{
    public static Command Create()
    {
        var file = new Option<string>("--from") { Description = "The backup.", HelpName = "FILE", Required = true };
        Option<string> data = BackupVerb.DataOption();
        var check = new Option<bool>("--check") { Description = "Only reads the backup to its end and checks it." };
        var command = new Command("restore", "Makes a data folder from a backup; the folder must be empty or not there.") { file, data, check };
        return command.Runs((parse, context, ct) => RunAsync(context, parse.GetValue(file)!, parse.GetValue(data)!, parse.GetValue(check), ct));
    }

    private static async Task<ExitCode> RunAsync(CommandContext context, string file, string data, bool onlyChecks, CancellationToken ct)
    {
        try
        {
            BackupManifest manifest = onlyChecks
                ? await FolderRestore.CheckAsync(file, ct).ConfigureAwait(false)
                : await FolderRestore.RestoreAsync(file, data, ct).ConfigureAwait(false);
            await BackupVerb.WriteAsync(context, onlyChecks ? "Sound:" : "Restored to", onlyChecks ? file : data, manifest, ct).ConfigureAwait(false);
            return ExitCode.Ok;
        }
        catch (BackupException problem)
        {
            throw CommandException.Failed(problem.Message, problem);
        }
    }
}
