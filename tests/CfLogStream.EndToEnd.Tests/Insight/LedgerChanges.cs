using System.Globalization;
using System.Text.Json;
using CfLogStream.ClickHouse.Reading;

namespace CfLogStream.EndToEnd.Tests.Insight;

/// <summary>What the table <c>changes</c> should hold of generated uploads, and what it holds: the ledger tells every change.</summary>
internal static class LedgerChanges
{
    private static readonly Dictionary<string, string> s_settings = new()
    {
        ["bot_fight_mode"] = "botfight",
        ["browser_check"] = "bic",
        ["security_level"] = "securitylevel",
        ["sbfm_definitely_automated"] = "botmanagement",
        ["schema_validation"] = "apishieldschemavalidation",
    };

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
            bool isRule = action is "rule_create" or "rule_update" or "add";
            if (!isRule && !(action == "change_setting" && s_settings.ContainsKey(resource)))
            {
                continue;
            }

            string time = change.GetProperty("time").GetDateTime().ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture);
            string about = $"{change.GetProperty("zone").GetString()} {(isRule ? resource : s_settings[resource])} "
                + change.GetProperty("description").GetString();
            if (change.GetProperty("in_audit_logs").GetBoolean())
            {
                expected.Add($"{time} audit_logs {about}");
            }

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
