using System.Text;
using System.Text.Json;
using CfLogStream.Core.Logpush;

namespace CfLogStream.Server.Setup;

/// <summary>Checks a filter before Cloudflare does.</summary>
public static class JobFilter
{
    private const int MostBytes = 1_000;

    // Cloudflare's limitations of filters on firewall_events.
    private static readonly string[] s_notOfEvents = ["Action", "Description", "Kind", "MatchIndex", "Metadata", "OriginatorRayID", "RuleID", "Source"];

    /// <summary>Returns the filter in its shortest form.</summary>
    /// <exception cref="SetupException">Cloudflare would refuse it.</exception>
    public static string Check(string filter, IEnumerable<Dataset> datasets)
    {
        string text;
        var keys = new List<string>();
        try
        {
            using JsonDocument document = JsonDocument.Parse(filter);
            if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty("where", out _))
            {
                throw new SetupException(
                    """The filter has no 'where'; expected for instance '{"where":{"key":"ClientRequestHost","operator":"eq","value":"api.example.com"}}'.""");
            }

            Collect(document.RootElement, keys);
            text = JsonSerializer.Serialize(document.RootElement);
        }
        catch (JsonException problem)
        {
            throw new SetupException($"The filter is no JSON: {problem.Message}");
        }

        if (Encoding.UTF8.GetByteCount(text) > MostBytes)
        {
            throw new SetupException($"The filter has {Encoding.UTF8.GetByteCount(text)} bytes; Logpush takes at most {MostBytes}.");
        }

        string? forbidden = datasets.Contains(Dataset.FirewallEvents) ? keys.Find(key => s_notOfEvents.Contains(key)) : null;
        return forbidden is null
            ? text
            : throw new SetupException($"The filter uses '{forbidden}', by which Logpush cannot filter firewall_events. Leave it out, or make a job of http_requests only.");
    }

    private static void Collect(JsonElement element, List<string> keys)
    {
        if (element.ValueKind == JsonValueKind.Array)
        {
            foreach (JsonElement item in element.EnumerateArray())
            {
                Collect(item, keys);
            }
        }
        else if (element.ValueKind == JsonValueKind.Object)
        {
            foreach (JsonProperty member in element.EnumerateObject())
            {
                if (member.Name == "key" && member.Value.ValueKind == JsonValueKind.String)
                {
                    keys.Add(member.Value.GetString()!);
                }

                Collect(member.Value, keys);
            }
        }
    }
}
