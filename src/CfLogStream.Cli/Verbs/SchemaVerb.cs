using System.CommandLine;
using CfLogStream.ClickHouse.Schema;
using CfLogStream.Server.Configuration;
using CfLogStream.Server.Storage;
using Microsoft.Extensions.Logging;

namespace CfLogStream.Cli.Verbs;

/// <summary><c>schema apply|print|diff</c>: the tables and views in ClickHouse.</summary>
internal static class SchemaVerb
{
    public static Command Create() => new("schema", "Applies, prints and compares the tables and views in ClickHouse.")
    {
        Sub("apply", "Brings the database to this program's schema; doing it again changes nothing.", ApplyAsync),
        PrintCommand(),
        Sub("diff", "Says what the database lacks or has different. Exit code 1 when there is anything.", DiffAsync),
    };

    private static Command PrintCommand() =>
        new Command("print", "Prints the whole schema as SQL, without asking any server.").Runs(async (_, context, ct) =>
        {
            CfLogStreamOptions options = context.LoadOptions();
            string cluster = options.Clickhouse.Cluster;
            string script = SchemaManager.Print(
                options.Clickhouse.Database, cluster.Length > 0 ? cluster : null, Store.Retention(options.Clickhouse.RetentionDays));
            await context.Stdout.WriteAsync(script.AsMemory(), ct).ConfigureAwait(false);
            return ExitCode.Ok;
        });

    private static Command Sub(string name, string description, Func<SchemaManager, TextWriter, CancellationToken, Task<ExitCode>> body)
    {
        var arguments = new StoreArguments();
        var command = new Command(name, description);
        arguments.AddTo(command);
        return command.Runs(async (parse, context, ct) =>
        {
            CfLogStreamOptions options = context.LoadOptions();
            using ILoggerFactory loggers = CommandLog.Create(context.Stderr);
            Store store = await AnalysisRun.OpenStoreAsync(arguments.Read(parse), options, TimeProvider.System, loggers, ct).ConfigureAwait(false);
            await using (store.ConfigureAwait(false))
            {
                try
                {
                    return await body(store.Schema(options.Clickhouse.RetentionDays, TimeProvider.System), context.Stdout, ct).ConfigureAwait(false);
                }
                catch (SchemaException problem)
                {
                    throw CommandException.Failed(problem.Message, problem);
                }
            }
        });
    }

    private static async Task<ExitCode> ApplyAsync(SchemaManager schema, TextWriter stdout, CancellationToken ct)
    {
        IReadOnlyList<string> applied = await schema.ApplyAsync(ct).ConfigureAwait(false);
        foreach (string name in applied)
        {
            await stdout.WriteLineAsync($"applied {name}".AsMemory(), ct).ConfigureAwait(false);
        }

        if (applied.Count == 0)
        {
            await stdout.WriteLineAsync("The schema is up to date.".AsMemory(), ct).ConfigureAwait(false);
        }

        return ExitCode.Ok;
    }

    private static async Task<ExitCode> DiffAsync(SchemaManager schema, TextWriter stdout, CancellationToken ct)
    {
        IReadOnlyList<SchemaDifference> differences = await schema.DiffAsync(ct).ConfigureAwait(false);
        foreach (SchemaDifference difference in differences)
        {
            await stdout.WriteLineAsync(Terminal.TerminalText.Escape(difference.ToString()).AsMemory(), ct).ConfigureAwait(false);
        }

        if (differences.Count == 0)
        {
            await stdout.WriteLineAsync("The schema is up to date.".AsMemory(), ct).ConfigureAwait(false);
        }

        return differences.Count == 0 ? ExitCode.Ok : ExitCode.Failed;
    }
}
