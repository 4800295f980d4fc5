using System.Text;
using CfLogStream.Core.Logpush;

namespace CfLogStream.Server.Setup;

/// <summary>Writes jobs as resources of Terraform's Cloudflare provider, version 5.</summary>
public static class JobTerraform
{
    /// <summary>Returns the text of a <c>.tf</c> file.</summary>
    public static string Write(JobScope scope, IReadOnlyList<LogpushJob> jobs)
    {
        ArgumentNullException.ThrowIfNull(scope);
        ArgumentNullException.ThrowIfNull(jobs);
        var text = new StringBuilder();
        string key = scope.IsAccount ? "account_id" : "zone_id";
        if (!scope.HasId)
        {
            Variable(text, key, isSensitive: false);
        }

        foreach (string variable in jobs.SelectMany(job => job.Destination.Variables).Distinct())
        {
            Variable(text, variable.ToLowerInvariant(), isSensitive: true);
        }

        bool needsOwnership = jobs.Any(job => job.Destination.NeedsOwnership);
        if (needsOwnership)
        {
            Variable(text, "ownership_challenge", isSensitive: true);
        }

        foreach (LogpushJob job in jobs)
        {
            string id = scope.HasId ? Quote(scope.Value) : "var." + key;
            text.Append($"resource \"cloudflare_logpush_job\" \"{DatasetNames.Of(job.Dataset)}\" {{\n");
            Attribute(text, key, id);
            Attribute(text, "name", Quote(job.Name));
            Attribute(text, "dataset", Quote(DatasetNames.Of(job.Dataset)));
            Attribute(text, "destination_conf", Destination(job.Destination));
            if (job.Destination.NeedsOwnership)
            {
                Attribute(text, "ownership_challenge", "var.ownership_challenge");
            }

            Attribute(text, "enabled", "true");
            Attribute(text, "max_upload_bytes", Number(job.Limits.Bytes));
            Attribute(text, "max_upload_records", Number(job.Limits.Records));
            Attribute(text, "max_upload_interval_seconds", Number(job.Limits.Seconds));
            if (job.Filter.Length > 0)
            {
                Attribute(text, "filter", Quote(job.Filter));
            }

            text.Append("  output_options = {\n    output_type      = \"ndjson\"\n");
            text.Append($"    timestamp_format = \"{LogpushJob.TimestampFormat}\"\n    field_names = [\n");
            foreach (string field in job.Fields)
            {
                text.Append($"      {Quote(field)},\n");
            }

            text.Append("    ]\n  }\n}\n\n");
        }

        return text.ToString();
    }

    private static string Destination(JobDestination destination)
    {
        var text = new StringBuilder("\"");
        foreach (SecretPart part in destination.Parts)
        {
            // Terraform's urlencode writes a blank as '+', which a header would keep.
            text.Append(part.IsVariable ? $"${{replace(urlencode(var.{part.Text.ToLowerInvariant()}), \"+\", \"%20\")}}" : Escape(part.Text));
        }

        return text.Append('"').ToString();
    }

    private static string Number(long value) => value.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static string Quote(string text) => $"\"{Escape(text)}\"";

    private static string Escape(string text) => text
        .Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("\"", "\\\"", StringComparison.Ordinal)
        .Replace("${", "$${", StringComparison.Ordinal)
        .Replace("%{", "%%{", StringComparison.Ordinal);

    private static void Attribute(StringBuilder text, string name, string value) => text.Append($"  {name} = {value}\n");

    private static void Variable(StringBuilder text, string name, bool isSensitive) =>
        text.Append($"variable \"{name}\" {{\n  type = string\n{(isSensitive ? "  sensitive = true\n" : "")}}}\n\n");
}
