using System.Globalization;
using System.Text.Json;
using CfLogStream.ClickHouse.Reading;

namespace CfLogStream.EndToEnd.Tests.Insight;

/// <summary>What the table <c>changes</c> should hold of generated uploads, and what it holds: the ledger tells every change.</summary>
internal static class LedgerChanges
{
    private static readonly string[] s_settings = ["bot_fight_mode", "browser_check"];

    /// <summary>The changes of rules and of settings that stop requests: one for each version of the audit log that has it.</summary>
    public static IReadOnlyList<string> Expected(string folder)
    {
        var expected = new List<string>();
        foreach (string line in File.ReadLines(Path.Combine(folder, "ledger.ndjson")).Where(line => line.Contains("\"change\"", StringComparison.Ordinal)))
        {
            using var document = JsonDocument.Parse(line);
            JsonElement change = document.RootElement;
            if (change.GetProperty("type").GetString() != "change")
            {
                continue;
            }

            string action = change.GetProperty("action_type").GetString()!;
            string resource = change.GetProperty("resource_id").GetString()!;
            bool isRule = action is "rule_create" or "rule_update";
            if (!isRule && !(action == "change_setting" && s_settings.Contains(resource)))
            {
                continue;
            }

            string time = change.GetProperty("time").GetDateTime().ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture);
            string about = $"{change.GetProperty("zone").GetString()} {(isRule ? resource : resource == "browser_check" ? "bic" : "botfight")} "
                + change.GetProperty("description").GetString();
            expected.Add($"{time} audit_logs {about}");
            if (change.GetProperty("in_audit_logs_v2").GetBoolean())
            {
                expected.Add($"{time} audit_logs_v2 {about}");
            }
        }

        return [.. expected.Order(StringComparer.Ordinal)];
    }

    /// <summary>What the table has; rows of one key are one.</summary>
    public static async Task<IReadOnlyList<string>> StoredAsync(Queries queries) =>
    [
        .. (await queries.ReadAsync(
            "SELECT concat(formatDateTime(time, '%F %T'), '.', leftPad(toString(toUnixTimestamp64Milli(time) % 1000), 3, '0'), ' ', source, ' ', zone, ' ', "
                + $"if(startsWith(kind, 'setting'), control, rule_id), ' ', summary) FROM {queries.Table("changes")} FINAL WHERE source != 'manual'",
            null,
            row => row.GetString(0),
            TestContext.Current.CancellationToken)).Order(StringComparer.Ordinal),
    ];
}
