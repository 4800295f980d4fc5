using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using CfLogStream.Cli.Terminal;
using CfLogStream.Core.Insight.Findings;
using CfLogStream.Server.Configuration;
using CfLogStream.Server.Insight.Changes;
using CfLogStream.Server.Storage;
using Microsoft.Extensions.Logging;

namespace CfLogStream.Cli.Verbs;

/// <summary><c>change mark|list|withdraw</c>: changes of Cloudflare configuration, from audit logs and by hand.</summary>
internal static class ChangeVerb
{
    private const int MaxText = 1000;
    private const int MaxName = 200;

    public static Command Create() => new("change", "Changes of Cloudflare configuration: those of the audit logs, and those marked by hand.")
    {
        Mark(),
        List(),
        Withdraw(),
    };

    private static Command Mark()
    {
        var text = new Argument<string>("text") { Description = "What was changed, in words." };
        var at = new Option<string?>("--at") { Description = "When: a time in UTC, or a time ago such as '90m'. Now without it.", HelpName = "TIME" };
        var zone = new Option<string?>("--zone") { Description = "The zone's name.", HelpName = "ZONE" };
        var control = new Option<string?>("--control") { Description = "The control, for instance 'firewallcustom' or 'ratelimit'.", HelpName = "C" };
        var rule = new Option<string?>("--rule") { Description = "The rule's id or reference.", HelpName = "ID" };
        var ticket = new Option<string?>("--ticket") { Description = "The ticket.", HelpName = "T" };
        var owner = new Option<string?>("--owner") { Description = "Who answers for it.", HelpName = "O" };
        var store = new StoreArguments();
        var command = new Command("mark", "Marks a change that no audit log tells.") { text, at, zone, control, rule, ticket, owner };
        store.AddTo(command);
        return command.Runs((parse, context, ct) =>
        {
            var mark = new ChangeMark
            {
                Time = Seconds(parse.GetValue(at) is { } time ? TimeArgument.Read("--at", time, TimeProvider.System)
                    : TimeProvider.System.GetUtcNow().UtcDateTime),
                Text = Checked("text", parse.GetValue(text), MaxText, isRequired: true),
                Zone = Checked("--zone", parse.GetValue(zone), MaxName).ToLowerInvariant(),
                Control = Fold(Checked("--control", parse.GetValue(control), MaxName)),
                Rule = Checked("--rule", parse.GetValue(rule), MaxName),
                Ticket = Checked("--ticket", parse.GetValue(ticket), MaxName),
                Owner = Checked("--owner", parse.GetValue(owner), MaxName),
                Actor = context.Host.Environment("USER") ?? "",
            };
            return RunAsync(context, store.Read(parse), (opened, options, loggers) => MarkAsync(context, opened, options, loggers, mark, ct), ct);
        });
    }

    private static Command List()
    {
        var since = new Option<string?>("--since") { Description = "From when: a time in UTC, or a time ago such as '6h'. 30d without it.", HelpName = "TIME" };
        var zone = new Option<string?>("--zone") { Description = "Only changes of this zone, and those that name none.", HelpName = "ZONE" };
        var store = new StoreArguments();
        var command = new Command("list", "Lists changes, oldest first.") { since, zone };
        store.AddTo(command);
        return command.Runs((parse, context, ct) =>
        {
            DateTime from = TimeArgument.Read("--since", parse.GetValue(since) ?? "30d", TimeProvider.System);
            string? only = parse.GetValue(zone) is { } name ? Checked("--zone", name, MaxName) : null;
            return RunAsync(context, store.ReadKept(parse), (opened, _, _) => ListAsync(context, opened, from, only, ct), ct);
        });
    }

    private static Command Withdraw()
    {
        var id = new Argument<string>("id") { Description = "The change's id, as 'change list' shows it." };
        var store = new StoreArguments();
        var command = new Command("withdraw", "Takes a change back: it explains nothing any more.") { id };
        store.AddTo(command);
        return command.Runs((parse, context, ct) =>
        {
            string wanted = Checked("id", parse.GetValue(id), MaxName, isRequired: true);
            return RunAsync(
                context, store.Read(parse), (opened, options, loggers) => WithdrawAsync(context, opened, options, loggers, wanted, ct), ct);
        });
    }

    private static async Task<ExitCode> RunAsync(
        CommandContext context,
        StoreOptions storeOptions,
        Func<Store, CfLogStreamOptions, ILoggerFactory, Task<ExitCode>> run,
        CancellationToken ct)
    {
        CfLogStreamOptions options = context.LoadOptions();
        using ILoggerFactory loggers = CommandLog.Create(context.Stderr);
        Store store = await AnalysisRun.OpenStoreAsync(storeOptions, options, TimeProvider.System, loggers, ct).ConfigureAwait(false);
        await using (store.ConfigureAwait(false))
        {
            await store.ApplySchemaAsync(options.Clickhouse.RetentionDays, TimeProvider.System, ct).ConfigureAwait(false);
            return await run(store, options, loggers).ConfigureAwait(false);
        }
    }

    private static async Task<ExitCode> MarkAsync(
        CommandContext context, Store store, CfLogStreamOptions options, ILoggerFactory loggers, ChangeMark mark, CancellationToken ct)
    {
        await MarksOf(store, options, loggers).MarkAsync(mark, ct).ConfigureAwait(false);
        if (context.Format == OutputFormat.Json)
        {
            await JsonOutput.WriteAsync(
                context.Stdout,
                json =>
                {
                    json.WriteStartObject();
                    json.WriteString("id", mark.Id);
                    json.WriteString("time", mark.Time);
                    json.WriteEndObject();
                },
                ct).ConfigureAwait(false);
            return ExitCode.Ok;
        }

        await context.Stdout.WriteLineAsync($"Marked {Time(mark.Time)} as {mark.Id}.".AsMemory(), ct).ConfigureAwait(false);
        return ExitCode.Ok;
    }

    private static async Task<ExitCode> WithdrawAsync(
        CommandContext context, Store store, CfLogStreamOptions options, ILoggerFactory loggers, string id, CancellationToken ct)
    {
        int count = await MarksOf(store, options, loggers).WithdrawAsync(id, ct).ConfigureAwait(false);
        if (count == 0)
        {
            throw CommandException.Failed(
                $"There is no change with the id '{TerminalText.Cut(id, MaxName)}'; 'cflogstream change list' shows those there are.");
        }

        await context.Stdout.WriteLineAsync($"Withdrew {TerminalText.Cut(id, MaxName)}.".AsMemory(), ct).ConfigureAwait(false);
        return ExitCode.Ok;
    }

    private static async Task<ExitCode> ListAsync(CommandContext context, Store store, DateTime from, string? zone, CancellationToken ct)
    {
        IReadOnlyList<ListedChange> changes = await new ChangeReader(store.Queries)
            .ListAsync(from, DateTime.UnixEpoch.AddYears(135), zone, ct).ConfigureAwait(false);
        if (context.Format == OutputFormat.Json)
        {
            await JsonOutput.WriteAsync(context.Stdout, json => Write(changes, json), ct).ConfigureAwait(false);
            return ExitCode.Ok;
        }

        foreach (ListedChange listed in changes)
        {
            foreach (string line in Lines(listed))
            {
                await context.Stdout.WriteLineAsync(TerminalText.Cut(line, context.Host.Columns).AsMemory(), ct).ConfigureAwait(false);
            }
        }

        string end = changes.Count switch
        {
            0 => $"No changes since {Time(from)}. Send the datasets audit_logs or audit_logs_v2 here, or mark changes by hand.",
            ChangeReader.MaxChanges => $"Only the {ChangeReader.MaxChanges:N0} newest changes are listed.",
            _ => "",
        };
        if (end.Length > 0)
        {
            await context.Stderr.WriteLineAsync(end.AsMemory(), ct).ConfigureAwait(false);
        }

        return ExitCode.Ok;
    }

    private static IEnumerable<string> Lines(ListedChange listed)
    {
        Change change = listed.Change;
        string[] what = [change.Kind, change.Control, change.RuleId.Length > 0 ? "rule " + change.RuleId : ""];
        string[] said = [listed.Owner.Length > 0 ? "owner " + listed.Owner : "", listed.Ticket];
        yield return $"{Time(change.Time)}  {Join(change.Zone.Length > 0 ? change.Zone : "(no zone)", Join(what))}: {change.Summary}";
        yield return $"    {change.Id}  {Join(change.Source, "by", change.Actor.Length > 0 ? change.Actor : "(not logged)",
            change.ActorKind.Length > 0 ? $"({change.ActorKind})" : "", Join(said))}";
        if (change.OldValue.Length > 0)
        {
            yield return $"    was {change.OldValue}";
        }

        if (change.NewValue.Length > 0)
        {
            yield return $"    is  {change.NewValue}";
        }
    }

    private static void Write(IReadOnlyList<ListedChange> changes, Utf8JsonWriter json)
    {
        json.WriteStartArray();
        foreach (ListedChange listed in changes)
        {
            Change change = listed.Change;
            json.WriteStartObject();
            json.WriteString("time", change.Time);
            json.WriteString("id", change.Id);
            json.WriteString("zone", change.Zone);
            json.WriteString("source", change.Source);
            json.WriteString("kind", change.Kind);
            json.WriteString("control", change.Control);
            json.WriteString("rule_id", change.RuleId);
            json.WriteString("rule_ref", change.RuleReference);
            json.WriteString("actor", change.Actor);
            json.WriteString("actor_kind", change.ActorKind);
            json.WriteString("summary", change.Summary);
            json.WriteString("old_value", change.OldValue);
            json.WriteString("new_value", change.NewValue);
            json.WriteString("owner", listed.Owner);
            json.WriteString("ticket", listed.Ticket);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static ChangeMarks MarksOf(Store store, CfLogStreamOptions options, ILoggerFactory loggers) =>
        new(store.Queries, store.CreateWriter(TimeProvider.System, loggers), options.Clickhouse.Database);

    private static string Checked(string name, string? value, int limit, bool isRequired = false)
    {
        string text = value?.Trim() ?? "";
        return text.Length > limit ? throw CommandException.Usage($"The value of '{name}' has {text.Length} characters; expected at most {limit}.")
            : text.Length == 0 && (isRequired || value is not null) ? throw CommandException.Usage($"The value of '{name}' is empty; expected a text.")
            : text;
    }

    private static string Fold(string control) => control
        .Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal)
        .ToLowerInvariant();

    private static DateTime Seconds(DateTime time) => time.AddTicks(-(time.Ticks % TimeSpan.TicksPerSecond));

    private static string Join(params ReadOnlySpan<string> words) => string.Join(' ', words.ToArray().Where(word => word.Length > 0));

    private static string Time(DateTime time) => time.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);
}
