using System.Globalization;
using System.IO.Compression;
using System.Text.Json;

namespace CfLogStream.EndToEnd.Tests.Insight;

/// <summary>An http_requests line as a test reads it: plain JSON, nothing of the product.</summary>
internal sealed record RawRequest(JsonElement Json)
{
    public string Ray => Text("RayID");

    public string Path => Text("ClientRequestPath");

    public string Host => Text("ClientRequestHost");

    public string Method => Text("ClientRequestMethod");

    public string Address => Text("ClientIP");

    public string UserAgent => Text("ClientRequestUserAgent");

    public int Edge => Number("EdgeResponseStatus");

    public int Origin => Number("OriginResponseStatus");

    public string[] Actions => Texts("SecurityActions");

    public string[] Rules => Texts("SecurityRuleIDs");

    public string[] Sources => Texts("SecuritySources");

    public string Action => Fold(Text("SecurityAction"));

    public string Rule => Text("SecurityRuleID");

    public DateTime Time
    {
        get
        {
            JsonElement time = Json.GetProperty("EdgeStartTimestamp");
            return time.ValueKind == JsonValueKind.Number
                ? DateTime.UnixEpoch.AddTicks(time.GetInt64() / 100)
                : DateTime.Parse(time.GetString()!, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal);
        }
    }

    /// <summary>Neither made by Cloudflare nor by a Worker.</summary>
    public bool IsClient =>
        !(Json.TryGetProperty("WorkerSubrequest", out JsonElement worker) && worker.ValueKind == JsonValueKind.True)
        && Text("ClientRequestSource").ToLowerInvariant() is "" or "eyeball" or "orangetoorange";

    /// <summary>Reads all uploads of http_requests below a folder, each ray once.</summary>
    public static IReadOnlyList<RawRequest> Read(string folder) =>
        [.. Lines(folder, "http_requests").Select(static line => new RawRequest(line)).DistinctBy(static request => request.Ray)];

    /// <summary>The rays that security events name as those that were challenged.</summary>
    public static IEnumerable<string> Originators(string folder) =>
        Lines(folder, "firewall_events").Select(static line => new RawRequest(line).Text("OriginatorRayID"));

    private static IEnumerable<JsonElement> Lines(string folder, string dataset)
    {
        foreach (string file in Directory.EnumerateFiles(System.IO.Path.Combine(folder, dataset), "*", SearchOption.AllDirectories))
        {
            using Stream lines = new GZipStream(File.OpenRead(file), CompressionMode.Decompress);
            using var reader = new StreamReader(lines);
            while (reader.ReadLine() is { } line)
            {
                using var document = JsonDocument.Parse(line);
                yield return document.RootElement.Clone();
            }
        }
    }

    public static string Fold(string word) =>
        new([.. word.Where(static c => c is not ('_' or '-' or ' ')).Select(char.ToLowerInvariant)]);

    private string Text(string name) => Json.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    private int Number(string name) => Json.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number ? value.GetInt32() : 0;

    private string[] Texts(string name) =>
        Json.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Array
            ? [.. value.EnumerateArray().Select(static item => item.GetString()!)]
            : [];
}
