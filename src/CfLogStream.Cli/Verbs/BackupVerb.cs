using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using CfLogStream.Cli.Terminal;
using CfLogStream.Server.Backup;
using CfLogStream.Server.Configuration;
using CfLogStream.Server.Storage;

namespace CfLogStream.Cli.Verbs;

/// <summary><c>backup --out FILE</c>: copies a data folder into one file, also while a service works on it.</summary>
internal static class BackupVerb
{
    public static Command Create()
    {
        var file = new Option<string>("--out") { Description = "The file to write; it must not exist.", HelpName = "FILE", Required = true };
        var service = new Option<string?>("--service")
        {
            Description = "The ClickHouse interface of the service that works on the folder; without it the configuration's "
                + "clickhouse.embedded_port on this machine.",
            HelpName = "URL",
        };
        Option<string> data = DataOption();
        var command = new Command("backup", "Copies the data folder (tables, spool) into one file, also while 'serve' works on it.") { file, data, service };
        return command.Runs((parse, context, ct) => RunAsync(context, parse.GetValue(data)!, parse.GetValue(file)!, parse.GetValue(service), ct));
    }

    internal static Option<string> DataOption() => new("--data")
    {
        Description = "The data folder.",
        HelpName = "DIR",
        DefaultValueFactory = static _ => StoreOptions.DefaultFolder,
    };

    /// <summary>Says what is in a backup.</summary>
    internal static async Task WriteAsync(CommandContext context, string verb, string what, BackupManifest manifest, CancellationToken ct)
    {
        if (context.Format == OutputFormat.Json)
        {
            await JsonOutput.WriteAsync(context.Stdout, json => Write(json, what, manifest), ct).ConfigureAwait(false);
            return;
        }

        string created = manifest.Head.Created.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);
        string schema = manifest.Head.Schema?.ToString(CultureInfo.InvariantCulture) ?? "not noted";
        string state = manifest.Head.IsOnline ? "of a running service" : "of a stopped service";
        await context.Stdout.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"{verb} {TerminalText.Escape(what)}: {manifest.Files.Count:N0} files, {manifest.Bytes:N0} bytes, schema {schema}, {state}, made {created} by "
            + $"{TerminalText.Escape(manifest.Head.Program)}.").AsMemory(), ct).ConfigureAwait(false);
    }

    private static async Task<ExitCode> RunAsync(CommandContext context, string data, string file, string? service, CancellationToken ct)
    {
        CfLogStreamOptions options = context.LoadOptions();
        try
        {
            BackupManifest manifest = await FolderBackup.MakeAsync(data, file, ServiceOf(options, service), TimeProvider.System, ct).ConfigureAwait(false);
            if (options.Clickhouse.Url.Length > 0)
            {
                await context.Stderr.WriteLineAsync(
                    $"cflogstream: warning: the rows are in the ClickHouse at '{TerminalText.Escape(options.Clickhouse.Url)}' (clickhouse.url) and not in this backup."
                        .AsMemory(),
                    ct).ConfigureAwait(false);
            }

            await WriteAsync(context, "Backed up to", file, manifest, ct).ConfigureAwait(false);
            return ExitCode.Ok;
        }
        catch (BackupException problem)
        {
            throw CommandException.Failed(problem.Message, problem);
        }
    }

    private static Uri? ServiceOf(CfLogStreamOptions options, string? given)
    {
        if (given is null)
        {
            return options.Clickhouse.EmbeddedPort > 0 ? new Uri($"http://127.0.0.1:{options.Clickhouse.EmbeddedPort}") : null;
        }

        return Uri.TryCreate(given, UriKind.Absolute, out Uri? uri) && uri.Scheme is "http" or "https"
            ? uri
            : throw CommandException.Usage($"The value of '--service' is '{given}'; expected an address such as 'http://127.0.0.1:8123'.");
    }

    private static void Write(Utf8JsonWriter json, string what, BackupManifest manifest)
    {
        json.WriteStartObject();
        json.WriteString("path", what);
        json.WriteNumber("files", manifest.Files.Count);
        json.WriteNumber("bytes", manifest.Bytes);
        json.WriteNumber("format", manifest.Head.Format);
        json.WriteNumber("folder_format", manifest.Head.FolderFormat);
        if (manifest.Head.Schema is { } schema)
        {
            json.WriteNumber("schema", schema);
        }

        json.WriteBoolean("online", manifest.Head.IsOnline);
        json.WriteString("created", manifest.Head.Created.UtcDateTime);
        json.WriteString("program", manifest.Head.Program);
        json.WriteEndObject();
    }
}
