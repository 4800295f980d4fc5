using System.CommandLine;
using System.Globalization;
using CfLogStream.Server.Analysis;

namespace CfLogStream.Cli.Verbs;

/// <summary><c>analyze PATH…</c>: reads Logpush files, writes their rows to ClickHouse and prints the incident report.</summary>
internal static class AnalyzeVerb
{
    public static Command Create()
    {
        var paths = new Argument<string[]>("path")
        {
            Description = "Files, directories, globs, or '-' for standard input.",
            Arity = ArgumentArity.OneOrMore,
        };
        Option<DateTimeOffset?> from = TimeOption("--from", "Only records from this time on (RFC 3339, UTC when no zone is given).");
        Option<DateTimeOffset?> to = TimeOption("--to", "Only records before this time.");
        var hosts = new Option<string[]>("--host") { Description = "Only this host; may be given several times.", HelpName = "HOST" };
        var zones = new Option<string[]>("--zone") { Description = "Only this zone; may be given several times.", HelpName = "ZONE" };
        var name = new Option<string>("--name")
        {
            Description = "Keeps analyses apart; one replaces the rows of the last one of the same name.",
            HelpName = "NAME",
            DefaultValueFactory = static _ => AnalysisScope.DefaultName,
        };
        var threads = new Option<int?>("--threads") { Description = "Threads that read and parse; the result does not depend on it.", HelpName = "N" };
        var store = new StoreArguments();
        var command = new Command("analyze", "Reads Logpush files into ClickHouse and prints the incident report.") { paths, from, to, hosts, zones, name, threads };
        store.AddTo(command);
        return command.Runs((parse, context, ct) =>
        {
            var scope = new AnalysisScope
            {
                Name = parse.GetValue(name)!,
                From = parse.GetValue(from),
                To = parse.GetValue(to),
                Hosts = parse.GetValue(hosts) ?? [],
                Zones = parse.GetValue(zones) ?? [],
            };
            if (scope is { From: { } start, To: { } end } && start >= end)
            {
                throw CommandException.Usage($"'--from' ({start:u}) must be before '--to' ({end:u}).");
            }

            return AnalysisRun.RunAsync(context, parse.GetValue(paths)!, scope, store.Read(parse), parse.GetValue(threads), ct);
        });
    }

    private static Option<DateTimeOffset?> TimeOption(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "TIME",
        CustomParser = result =>
        {
            if (DateTimeOffset.TryParse(
                result.Tokens[0].Value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTimeOffset time))
            {
                return time;
            }

            result.AddError($"The value of '{name}' is '{result.Tokens[0].Value}'; expected a time such as '2026-08-06T12:00:00Z'.");
            return null;
        },
    };
}
