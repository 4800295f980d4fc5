using System.Globalization;
using System.Text.Json;
using CfLogStream.Cli.Terminal;
using CfLogStream.Core.Insight.Findings;
using CfLogStream.Core.Traffic.Controls;
using CfLogStream.Server.Insight.Ownership;

namespace CfLogStream.Cli.Reports;

/// <summary>Prints what <c>owners lint</c> and <c>owners coverage</c> find.</summary>
internal static class OwnersReport
{
    private const int MaxListed = 20;

    /// <summary>Prints problems, one on a line.</summary>
    public static async Task WriteAsync(CommandContext context, IReadOnlyList<OwnerProblem> problems, CancellationToken ct)
    {
        if (context.Format == OutputFormat.Json)
        {
            await JsonOutput.WriteAsync(context.Stdout, json => Write(problems, json), ct).ConfigureAwait(false);
            return;
        }

        foreach (OwnerProblem problem in problems)
        {
            string line = $"{(problem.IsError ? "error" : "warning")}: {TerminalText.Escape($"{problem.Place}: {problem.Message}")}";
            await context.Stdout.WriteLineAsync(line.AsMemory(), ct).ConfigureAwait(false);
        }

        int errors = problems.Count(problem => problem.IsError);
        string end = $"{Count(errors, "error")}, {Count(problems.Count - errors, "warning")}.";
        await context.Stdout.WriteLineAsync(end.AsMemory(), ct).ConfigureAwait(false);
    }

    /// <summary>Prints how much has an owner, and what has none.</summary>
    public static async Task WriteAsync(CommandContext context, OwnerCoverage coverage, int days, CancellationToken ct)
    {
        if (context.Format == OutputFormat.Json)
        {
            await JsonOutput.WriteAsync(context.Stdout, json => Write(coverage, days, json), ct).ConfigureAwait(false);
            return;
        }

        foreach (string line in Lines(coverage, days))
        {
            await context.Stdout.WriteLineAsync(TerminalText.Cut(line, context.Host.Columns).AsMemory(), ct).ConfigureAwait(false);
        }
    }

    private static IEnumerable<string> Lines(OwnerCoverage coverage, int days)
    {
        yield return $"The last {Count(days, "day")} of the data, API surfaces:";
        yield return $"  rules with an owner      {Share(coverage.RulesOwned, coverage.Rules)}";
        yield return $"  requests lost by those   {Share(coverage.LostOwned, coverage.Lost)}";
        yield return $"  endpoints with an owner  {Share(coverage.EndpointsOwned, coverage.Endpoints)}";
        if (coverage.UnownedRules.Count > 0)
        {
            yield return "";
            yield return "Rules without an owner, most lost first:";
        }

        foreach (SeenRule rule in coverage.UnownedRules.Take(MaxListed))
        {
            yield return Number($"  {rule.Lost,9:N0} lost of {rule.Count,9:N0}  {Name(rule.Rule)}");
            yield return $"      most at {rule.Endpoint.Method} {rule.Endpoint.Host}{rule.Endpoint.Path}";
        }

        if (coverage.UnownedRules.Count > MaxListed)
        {
            yield return Number($"  … and {coverage.UnownedRules.Count - MaxListed:N0} more; --format json has all.");
        }

        if (coverage.UnownedEndpoints.Count > 0)
        {
            yield return "";
            yield return "Endpoints without an owner, most lost first:";
        }

        foreach (SeenEndpoint endpoint in coverage.UnownedEndpoints.Take(MaxListed))
        {
            yield return Number($"  {endpoint.Lost,9:N0} lost of {endpoint.Requests,9:N0}  ")
                + $"{endpoint.Endpoint.Method} {endpoint.Endpoint.Host}{endpoint.Endpoint.Path}";
        }

        if (coverage.UnownedEndpoints.Count > MaxListed)
        {
            yield return Number($"  … and {coverage.UnownedEndpoints.Count - MaxListed:N0} more; --format json has all.");
        }
    }

    private static void Write(IReadOnlyList<OwnerProblem> problems, Utf8JsonWriter json)
    {
        json.WriteStartArray();
        foreach (OwnerProblem problem in problems)
        {
            json.WriteStartObject();
            json.WriteString("level", problem.IsError ? "error" : "warning");
            json.WriteString("place", problem.Place);
            json.WriteString("message", problem.Message);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Write(OwnerCoverage coverage, int days, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteNumber("days", days);
        json.WriteNumber("rules", coverage.Rules);
        json.WriteNumber("rules_owned", coverage.RulesOwned);
        json.WriteNumber("lost", coverage.Lost);
        json.WriteNumber("lost_owned", coverage.LostOwned);
        json.WriteNumber("endpoints", coverage.Endpoints);
        json.WriteNumber("endpoints_owned", coverage.EndpointsOwned);
        json.WriteStartArray("unowned_rules");
        foreach (SeenRule rule in coverage.UnownedRules)
        {
            json.WriteStartObject();
            json.WriteString("zone", rule.Rule.Zone);
            json.WriteString("control", rule.Rule.Control);
            json.WriteString("rule_id", rule.Rule.Id);
            json.WriteString("rule_ref", rule.Rule.Reference);
            json.WriteString("description", rule.Rule.Description);
            json.WriteString("action", rule.Rule.Action);
            json.WriteNumber("count", rule.Count);
            json.WriteNumber("lost", rule.Lost);
            Write("worst_endpoint", rule.Endpoint, json);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("unowned_endpoints");
        foreach (SeenEndpoint endpoint in coverage.UnownedEndpoints)
        {
            json.WriteStartObject();
            Write("endpoint", endpoint.Endpoint, json);
            json.WriteNumber("requests", endpoint.Requests);
            json.WriteNumber("lost", endpoint.Lost);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(string name, EndpointIdentity endpoint, Utf8JsonWriter json)
    {
        json.WriteStartObject(name);
        json.WriteString("zone", endpoint.Zone);
        json.WriteString("host", endpoint.Host);
        json.WriteString("method", endpoint.Method);
        json.WriteString("path", endpoint.Path);
        json.WriteString("surface", endpoint.Surface);
        json.WriteEndObject();
    }

    private static string Name(RuleIdentity rule)
    {
        string description = rule.Description.Length > 0 ? $" \"{rule.Description}\"" : "";
        return $"{ControlNames.Of(rule.Control)}{description}: {rule.Action} (rule {rule.Id}, {rule.Zone})";
    }

    private static string Count(int count, string noun) => Number($"{count:N0} {noun}{(count == 1 ? "" : "s")}");

    private static string Share(long part, long all) =>
        all == 0 ? "none seen" : Number($"{part:N0} of {all:N0} ({100.0 * part / all:0} %)");

    private static string Number(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
