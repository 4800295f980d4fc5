using System.Text;
using CfLogStream.Core.Logpush;
using CfLogStream.Core.Traffic;

namespace CfLogStream.Core.Tests.Traffic;

/// <summary>Reads lines and classifies them, for tests that look at one record.</summary>
internal static class Logs
{
    public static LogRecord Read(string json, params string[] extraFields)
    {
        var reader = new RecordReader(new ReaderOptions { ExtraFields = extraFields });
        LogRecord record = reader.CreateRecord();
        byte[] line = Encoding.UTF8.GetBytes(json);
        ReadStatus status = reader.Read(line, 0, line.Length, record, out int column);
        Assert.True(status == ReadStatus.Record, $"{status} at {column}: {json}");
        return record;
    }

    public static Classified Classify(string json, ClassificationSettings? settings = null)
    {
        settings ??= new ClassificationSettings();
        var batch = new TrafficBatch();
        new TrafficClassifier(settings).Classify(Read(json, [.. settings.ExtraFields]), batch);
        return new Classified(batch);
    }

    /// <summary>Classifies an http_requests record of these fields, with a ray, a time and a host.</summary>
    public static Classified Http(string fields, ClassificationSettings? settings = null) => Classify(
        "{\"RayID\":\"8dea4d930b427528\",\"EdgeStartTimestamp\":\"2026-08-13T10:00:00Z\",\"ClientRequestHost\":\"www.shop.example\","
        + "\"ClientRequestMethod\":\"GET\",\"ClientRequestURI\":\"/\"" + (fields.Length == 0 ? "" : "," + fields) + "}", settings);

    /// <summary>Classifies a firewall_events record of these fields, with a ray, a time and a host.</summary>
    public static Classified Event(string fields, ClassificationSettings? settings = null) => Classify(
        "{\"RayID\":\"8dea4d930b427528\",\"Datetime\":\"2026-08-13T10:00:00Z\",\"ClientRequestHost\":\"www.shop.example\","
        + "\"ClientRequestMethod\":\"GET\",\"ClientRequestPath\":\"/\",\"Action\":\"block\",\"Source\":\"firewallcustom\""
        + (fields.Length == 0 ? "" : "," + fields) + "}", settings);

    /// <summary>A user agent as a field.</summary>
    public static string Agent(string userAgent) => "\"ClientRequestUserAgent\":" + System.Text.Json.JsonSerializer.Serialize(userAgent);
}
