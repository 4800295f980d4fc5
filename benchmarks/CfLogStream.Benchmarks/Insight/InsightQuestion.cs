using System.Globalization;
using CfLogStream.ClickHouse.Reading;
using CfLogStream.Core.Insight.Findings;
using CfLogStream.Core.Insight.Ownership;
using CfLogStream.Core.Insight.Symptoms;
using CfLogStream.Core.Traffic;
using CfLogStream.Server.Insight.Changes;
using CfLogStream.Server.Insight.Diagnosing;
using CfLogStream.Server.Insight.Requests;
using CfLogStream.Server.Insight.Retesting;
using CfLogStream.Server.Insight.Symptoms;

namespace CfLogStream.Benchmarks.Insight;

/// <summary>A question that is timed.</summary>
/// <param name="Ask">Asks it and says in a few words what came of it.</param>
internal sealed record InsightQuestion(string Name, Func<Task<string>> Ask)
{
    private const string Host = "api3.zone3.example";

    private static readonly DateTime s_noon = new(2026, 3, 1, 12, 0, 0, DateTimeKind.Utc);

    /// <summary>Returns the questions, about the day of <see cref="DaySql"/>.</summary>
    public static IReadOnlyList<InsightQuestion> All(Queries queries, string database) =>
    [
        new("diagnose, everything", () => DiagnoseAsync(queries, database, new DiagnosisScope())),
        new("diagnose --host", () => DiagnoseAsync(queries, database, new DiagnosisScope { Host = Host })),
        new("explain 403 --since 24h", () => ExplainAsync(queries, database, new SymptomScope("", null, null))),
        new("explain 403 --since 2h", () => ExplainAsync(queries, database, new SymptomScope("", s_noon.AddHours(10), null))),
        new("explain 403 --host", () => ExplainAsync(queries, database, new SymptomScope(Host, null, null))),
        new("ray, of a lost request", () => RayAsync(queries, database)),
        new("retest --client --endpoint --since CHANGE", () => RetestAsync(queries, database)),
    ];

    private static async Task<string> DiagnoseAsync(Queries queries, string database, DiagnosisScope scope)
    {
        Diagnosis? diagnosis = await new DiagnosisBuilder(queries, database, OwnerBook.Empty)
            .BuildAsync(scope, CancellationToken.None).ConfigureAwait(false);
        return diagnosis is null ? "nothing" : string.Create(
            CultureInfo.InvariantCulture,
            $"{diagnosis.Lost:N0} lost, {diagnosis.Findings.Count} findings, first: {(diagnosis.Findings.Count > 0 ? diagnosis.Findings[0].Title : "none")}");
    }

    private static async Task<string> ExplainAsync(Queries queries, string database, SymptomScope scope)
    {
        Symptom symptom = SymptomCatalog.Find("403").Symptom!;
        SymptomEvidence? evidence = await new SymptomReader(queries, database).ReadAsync(symptom, scope, CancellationToken.None).ConfigureAwait(false);
        return evidence is null ? "nothing" : string.Create(
            CultureInfo.InvariantCulture, $"{evidence.Stops.Count} rows of stops, {evidence.Requests.Count} of requests");
    }

    /// <summary>All that the verb reads: the screen, and the verdict with what to change.</summary>
    private static async Task<string> RayAsync(Queries queries, string database)
    {
        string ray = await queries.ScalarAsync<string>(
            $"SELECT ray FROM {database}.requests WHERE host = {{host:String}} AND client_class = 'webhook' AND lost LIMIT 1",
            new QueryParameters().Add("host", Host),
            CancellationToken.None).ConfigureAwait(false);
        IReadOnlyList<RequestScreen> screens = await new RequestScreens(queries, new ClassificationTables(new ClassificationSettings()))
            .OfAsync(ray, CancellationToken.None).ConfigureAwait(false);
        RequestVerdict? verdict = screens.Count == 0 ? null
            : await new RequestJudge(queries, database, OwnerBook.Empty).OfAsync(screens[0], CancellationToken.None).ConfigureAwait(false);
        return verdict is null ? "nothing" : string.Create(
            CultureInfo.InvariantCulture, $"{(verdict.IsMisjudged ? "wrongly" : "rightly")} stopped, {verdict.Finding.Remedies.Count} remedies");
    }

    /// <summary>All that the verb reads: the changes, the verdict, and the request that a copy is made of.</summary>
    private static async Task<string> RetestAsync(Queries queries, string database)
    {
        await new ChangeReader(queries).ReadAsync(DateTime.UnixEpoch, DateTime.UnixEpoch.AddYears(135), null, CancellationToken.None).ConfigureAwait(false);
        var subject = new RetestSubject { Client = "webhook", Host = Host, Path = "/v1/resource3/{id}" };
        var reader = new RetestReader(queries, database);
        RetestAnswer answer = await reader.ReadAsync(subject, s_noon, null, CancellationToken.None).ConfigureAwait(false);
        RequestColumns? example = await reader.ExampleAsync(subject, s_noon, CancellationToken.None).ConfigureAwait(false);
        return $"{answer.Verdict.State}, {(example is null ? "no example" : "an example")}";
    }
}
