using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using CfLogStream.Core.Logpush;

namespace CfLogStream.Server.Setup;

/// <summary>A Logpush job as Cloudflare's API takes it.</summary>
/// <remarks>
/// Not sampled: <c>sample_rate</c> is left out, because each job draws for itself and half the requests would lack their events.
/// <c>CVE-2021-44228</c> is left out, because it rewrites what senders wrote. Times are <c>unixnano</c>: the order within a second is kept.
/// </remarks>
public sealed record LogpushJob
{
    private static readonly JsonWriterOptions s_readable = new()
    {
        Indented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>How times are written.</summary>
    public const string TimestampFormat = "unixnano";

    public required string Name { get; init; }

    public required Dataset Dataset { get; init; }

    public required JobDestination Destination { get; init; }

    /// <summary>The fields, by name.</summary>
    public required IReadOnlyList<string> Fields { get; init; }

    public required JobLimits Limits { get; init; }

    /// <summary>Which records are sent; empty for all.</summary>
    public string Filter { get; init; } = "";

    /// <summary>Returns the request's body, cut where secrets belong: text, variable, text, and so on.</summary>
    /// <param name="ownership">The environment variable with the ownership challenge's token; empty for none.</param>
    public IReadOnlyList<SecretPart> Body(string ownership = "")
    {
        ArgumentNullException.ThrowIfNull(ownership);
        var parts = new List<SecretPart>
        {
            new($"{{\n  \"name\": \"{Escape(Name)}\",\n  \"dataset\": \"{DatasetNames.Of(Dataset)}\",\n  \"destination_conf\": \"", false),
        };
        parts.AddRange(Destination.Parts.Select(part => part.IsVariable ? part : part with { Text = Escape(part.Text) }));
        if (ownership.Length > 0)
        {
            parts.Add(new SecretPart("\",\n  \"ownership_challenge\": \"", false));
            parts.Add(new SecretPart(ownership, true));
        }

        parts.Add(new SecretPart("\",\n" + Rest()[2..], false));
        return parts;
    }

    private static string Escape(string text) => JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).ToString();

    /// <summary>The members that hold no secret, as an object.</summary>
    private string Rest()
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes, s_readable))
        {
            json.WriteStartObject();
            json.WriteBoolean("enabled", true);
            json.WriteNumber("max_upload_bytes", Limits.Bytes);
            json.WriteNumber("max_upload_records", Limits.Records);
            json.WriteNumber("max_upload_interval_seconds", Limits.Seconds);
            if (Filter.Length > 0)
            {
                json.WriteString("filter", Filter);
            }

            json.WriteStartObject("output_options");
            json.WriteString("output_type", "ndjson");
            json.WriteString("timestamp_format", TimestampFormat);
            json.WriteStartArray("field_names");
            foreach (string field in Fields)
            {
                json.WriteStringValue(field);
            }

            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }
}
