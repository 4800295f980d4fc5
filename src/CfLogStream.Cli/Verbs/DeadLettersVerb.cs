using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using CfLogStream.Cli.Terminal;
using CfLogStream.Server.Configuration;
using CfLogStream.Server.Requests;
using CfLogStream.Server.Storage;
using Microsoft.Extensions.Logging;

namespace CfLogStream.Cli.Verbs;

/// <summary><c>dead-letters list|show|replay</c>: lines that were no usable records, and why.</summary>
internal static class DeadLettersVerb
{
    public static Command Create() => new("dead-letters", "Lists, shows and replays lines that were no usable records.")
    {
        ListCommand(),
        ShowCommand(),
        DeadLetterReplayCommand.Create(),
    };

    private static Command ListCommand()
    {
        var filter = new DeadLetterArguments(20);
        var store = new StoreArguments();
        var command = new Command("list", "Counts the kept lines by reason, dataset and source.");
        filter.AddTo(command);
        store.AddTo(command);
        return command.Runs((parse, context, ct) => AskAsync(
            context, store.ReadKept(parse), lookup => ListAsync(context, lookup, filter.Read(parse), filter.Limit(parse), ct), ct));
    }

    private static Command ShowCommand()
    {
        var id = new Argument<string?>("id") { Description = "The id of a line, as 'list' prints it.", Arity = ArgumentArity.ZeroOrOne };
        var filter = new DeadLetterArguments(10);
        var store = new StoreArguments();
        var command = new Command("show", "Prints lines with where they were and what is wrong with them.") { id };
        filter.AddTo(command);
        store.AddTo(command);
        return command.Runs((parse, context, ct) =>
        {
            DeadLetterFilter wanted = filter.Read(parse) with { ContentHash = parse.GetValue(id) is { } text ? ParseId(text) : 0 };
            return AskAsync(context, store.ReadKept(parse), lookup => ShowAsync(context, lookup, wanted, filter.Limit(parse), ct), ct);
        });
    }

    private static ulong ParseId(string text) =>
        ulong.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong id) && id != 0
            ? id
            : throw CommandException.Usage($"The id is '{text}'; expected the hexadecimal id of a line, as 'cflogstream dead-letters list' prints it.");

    private static async Task<ExitCode> AskAsync(
        CommandContext context, StoreOptions storeOptions, Func<DeadLetterLookup, Task<ExitCode>> ask, CancellationToken ct)
    {
        CfLogStreamOptions options = context.LoadOptions();
        using ILoggerFactory loggers = CommandLog.Create(context.Stderr);
        Store store = await AnalysisRun.OpenStoreAsync(storeOptions, options, TimeProvider.System, loggers, ct).ConfigureAwait(false);
        await using (store.ConfigureAwait(false))
        {
            await store.ApplySchemaAsync(options.Clickhouse.RetentionDays, TimeProvider.System, ct).ConfigureAwait(false);
            return await ask(new DeadLetterLookup(store.Queries)).ConfigureAwait(false);
        }
    }

    private static async Task<ExitCode> ListAsync(
        CommandContext context, DeadLetterLookup lookup, DeadLetterFilter filter, int limit, CancellationToken ct)
    {
        IReadOnlyList<DeadLetterGroup> groups = await lookup.GroupsAsync(filter, limit, ct).ConfigureAwait(false);
        if (context.Format == OutputFormat.Json)
        {
            await JsonOutput.WriteAsync(context.Stdout, json => WriteGroups(groups, json), ct).ConfigureAwait(false);
            return ExitCode.Ok;
        }

        if (groups.Count == 0)
        {
            await context.Stdout.WriteLineAsync("No line is set aside.".AsMemory(), ct).ConfigureAwait(false);
            return ExitCode.Ok;
        }

        await context.Stdout.WriteLineAsync("   lines  reason             dataset          an example        source".AsMemory(), ct).ConfigureAwait(false);
        foreach (DeadLetterGroup group in groups)
        {
            string line = string.Create(
                CultureInfo.InvariantCulture,
                $"{group.Lines,8:N0}  {TerminalText.Fit(group.Reason, 17)}  {TerminalText.Fit(group.Dataset, 15)}  {group.Example:x16}  ")
                + TerminalText.Cut(group.Source, 80);
            await context.Stdout.WriteLineAsync(line.AsMemory(), ct).ConfigureAwait(false);
        }

        return ExitCode.Ok;
    }

    private static async Task<ExitCode> ShowAsync(
        CommandContext context, DeadLetterLookup lookup, DeadLetterFilter filter, int limit, CancellationToken ct)
    {
        var lines = new List<KeptLine>();
        await foreach (KeptLine line in lookup.LinesAsync(filter, limit, ct).ConfigureAwait(false))
        {
            lines.Add(line);
        }

        if (context.Format == OutputFormat.Json)
        {
            await JsonOutput.WriteAsync(context.Stdout, json => WriteLines(lines, json), ct).ConfigureAwait(false);
            return lines.Count > 0 ? ExitCode.Ok : ExitCode.Failed;
        }

        foreach (KeptLine line in lines)
        {
            await WriteAsync(context, line, ct).ConfigureAwait(false);
        }

        if (lines.Count == 0)
        {
            await context.Stderr.WriteLineAsync("No such line is kept; 'cflogstream dead-letters list' shows what is.".AsMemory(), ct).ConfigureAwait(false);
            return ExitCode.Failed;
        }

        return ExitCode.Ok;
    }

    private static async Task WriteAsync(CommandContext context, KeptLine line, CancellationToken ct)
    {
        string time = line.Time == DateTime.UnixEpoch ? "no time" : line.Time.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) + " UTC";
        string[] texts =
        [
            string.Create(CultureInfo.InvariantCulture, $"{line.ContentHash:x16}  {line.Reason} at byte {line.ErrorColumn} of {line.Length}"),
            $"  {TerminalText.Escape(line.Source)}, line {line.LineNumber}, offset {line.ByteOffset}; {TerminalText.Escape(line.Dataset)} {time}",
            "  " + TerminalText.Cut(line.Bytes, Math.Max(40, context.Host.Columns - 2)),
        ];
        foreach (string text in texts)
        {
            await context.Stdout.WriteLineAsync(text.AsMemory(), ct).ConfigureAwait(false);
        }
    }

    private static void WriteGroups(IReadOnlyList<DeadLetterGroup> groups, Utf8JsonWriter json)
    {
        json.WriteStartArray();
        foreach (DeadLetterGroup group in groups)
        {
            json.WriteStartObject();
            json.WriteString("reason", group.Reason);
            json.WriteString("dataset", group.Dataset);
            json.WriteString("source", group.Source);
            json.WriteNumber("lines", group.Lines);
            json.WriteString("first", group.First);
            json.WriteString("last", group.Last);
            json.WriteString("example", group.Example.ToString("x16", CultureInfo.InvariantCulture));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteLines(IReadOnlyList<KeptLine> lines, Utf8JsonWriter json)
    {
        json.WriteStartArray();
        foreach (KeptLine line in lines)
        {
            json.WriteStartObject();
            json.WriteString("id", line.ContentHash.ToString("x16", CultureInfo.InvariantCulture));
            json.WriteString("reason", line.Reason);
            json.WriteString("dataset", line.Dataset);
            json.WriteString("time", line.Time);
            json.WriteString("source", line.Source);
            json.WriteNumber("line_number", line.LineNumber);
            json.WriteNumber("byte_offset", line.ByteOffset);
            json.WriteNumber("error_column", line.ErrorColumn);
            json.WriteNumber("length", line.Length);
            json.WriteBase64String("bytes_base64", line.Bytes);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
