using System.Text.Json;

namespace CfLogStream.Benchmarks.Judge;

/// <summary>Reads the truth out of a ledger.</summary>
internal static class LedgerReader
{
    public static Truth Read(string path)
    {
        JsonElement incident = default;
        var stopped = new List<TruthRow>();
        var labels = new List<TruthLabel>();
        foreach (string line in File.ReadLines(path))
        {
            if (line.StartsWith("{\"type\":\"minute\"", StringComparison.Ordinal) || line.StartsWith("{\"type\":\"batch\"", StringComparison.Ordinal))
            {
                continue;
            }

            using var document = JsonDocument.Parse(line);
            JsonElement root = document.RootElement;
            switch (root.GetProperty("type").GetString())
            {
                case "header" when root.TryGetProperty("incident", out JsonElement found):
                    incident = found.Clone();
                    break;
                case "incident":
                    stopped.AddRange(root.GetProperty("stopped").EnumerateArray().Select(row => new TruthRow(
                        Text(row, "host"), Text(row, "method"), Text(row, "template"), Text(row, "client_class"), Text(row, "client_name"),
                        Number(row, "lost"), Number(row, "requests"))));
                    break;
                case "stopped_by_rule":
                    labels.Add(new TruthLabel(
                        Fold(Text(root, "control")), Text(root, "rule_id"), Text(root, "host"), Text(root, "client_class"), Text(root, "client_name"),
                        Number(root, "lost_legitimate"), Number(root, "lost_attack"), (uint)Number(root, "asn")));
                    break;
            }
        }

        return incident.ValueKind == JsonValueKind.Undefined
            ? new Truth("", "", "", "", "", "", "", "", stopped, labels)
            : new Truth(
                Text(incident, "pattern"), Text(incident, "zone"), Fold(Text(incident, "control")), Text(incident, "rule_id"),
                Text(incident, "skip_rule_id"), Text(incident, "host"), Text(incident, "client_class"), Text(incident, "client_name"), stopped, labels);
    }

    /// <summary>A control as the tables have it.</summary>
    private static string Fold(string control) => control.Replace("_", "", StringComparison.Ordinal).ToLowerInvariant();

    private static string Text(JsonElement element, string name) => element.TryGetProperty(name, out JsonElement value) ? value.GetString() ?? "" : "";

    private static long Number(JsonElement element, string name) => element.TryGetProperty(name, out JsonElement value) ? value.GetInt64() : 0;
}
