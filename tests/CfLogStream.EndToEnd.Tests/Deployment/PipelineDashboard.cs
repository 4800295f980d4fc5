using System.Text.Json;
using CfLogStream.EndToEnd.Tests.Architecture;

namespace CfLogStream.EndToEnd.Tests.Deployment;

/// <summary>deploy/grafana/cflogstream-pipeline.json as a test looks at it.</summary>
internal static class PipelineDashboard
{
    public static JsonElement Read()
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, "deploy", "grafana", "cflogstream-pipeline.json")));
        return document.RootElement.Clone();
    }

    /// <summary>Every query with the title of its panel.</summary>
    public static IReadOnlyList<(string Panel, string Query)> Queries() =>
    [
        .. Panels().Where(panel => panel.TryGetProperty("targets", out _)).SelectMany(panel => panel.GetProperty("targets").EnumerateArray()
            .Select(target => (panel.GetProperty("title").GetString()!, target.GetProperty("expr").GetString()!))),
    ];

    public static JsonElement[] Panels() => [.. Read().GetProperty("panels").EnumerateArray()];

    /// <summary>A query as Grafana sends it when all instances are chosen.</summary>
    public static string Filled(string query, string interval) => query
        .Replace("$__rate_interval", interval, StringComparison.Ordinal).Replace("$instance", ".*", StringComparison.Ordinal);
}
