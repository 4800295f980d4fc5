using System.Text.RegularExpressions;
using CfLogStream.Core.Insight.Ownership;
using CfLogStream.Core.Traffic;
using CfLogStream.Core.Traffic.Paths;

namespace CfLogStream.Server.Configuration;

/// <summary>Checks what single keys cannot: relations between keys, and what a text means.</summary>
internal sealed class ConfigurationChecks(CfLogStreamOptions options, ConfigurationBinder binder, ProblemList problems)
{
    /// <summary>Adds every problem that is found.</summary>
    public void Run()
    {
        AtMost("reader.dead_letter_bytes", options.Reader.DeadLetterBytes, "reader.max_line_bytes", options.Reader.MaxLineBytes);
        AtLeast("analysis.reorder_bytes", options.Analysis.ReorderBytes, "analysis.batch_bytes", options.Analysis.BatchBytes);
        AllDifferent("reader.extra_fields", options.Reader.ExtraFields);
        AllDifferent("openapi_files", options.OpenapiFiles);
        AllDifferent("classification.path_templates", options.Classification.PathTemplates);
        AllDifferent("classification.clients", [.. options.Classification.Clients.Select(client => client.Token)], ".token");
        Surfaces();
        Classification();
        ClickHouse();
        DescriptionPattern();
        new KafkaChecks(options, binder, problems).Run();
        new ReceiverChecks(options, binder, problems).Run();
        new CollectionChecks(options, binder, problems).Run();
    }

    private void DescriptionPattern()
    {
        const string Path = "insight.description_pattern";
        string pattern = options.Insight.DescriptionPattern;
        if (pattern.Length == 0 || !binder.IsSound(Path))
        {
            return;
        }

        try
        {
            DescriptionTags.Compile(pattern);
        }
        catch (RegexParseException problem)
        {
            Add(Path, $"{Path} is {ConfigurationWords.Quote(pattern)}, which is no regular expression: {problem.Message}");
        }
        catch (ArgumentException)
        {
            Add(Path, $"{Path} is {ConfigurationWords.Quote(pattern)}; expected at least one of the groups '(?<owner>…)', '(?<issue>…)' and "
                + "'(?<until>…)'.");
        }
    }

    private void Surfaces()
    {
        for (int i = 0; i < options.Classification.Surfaces.Count; i++)
        {
            string path = $"classification.surfaces[{i}]";
            SurfaceOverride surface = options.Classification.Surfaces[i];
            if (binder.IsSound(path) && surface.Host.Length == 0 && surface.PathPrefix.Length == 0)
            {
                Add(path, $"{path} has neither 'host' nor 'path_prefix'; expected at least one, or it would match every request.");
            }
        }
    }

    /// <summary>Compiles templates and surfaces as the classifier will; its errors begin with the key they are about.</summary>
    private void Classification()
    {
        var errors = new List<string>();
        EndpointClassifier.Compile(options.Classification, errors);
        foreach (string error in errors)
        {
            string message = "classification." + error;
            Add(message[..message.IndexOf(' ', StringComparison.Ordinal)], message);
        }
    }

    private void ClickHouse()
    {
        ClickHouseSection section = options.Clickhouse;
        if (binder.IsSound("clickhouse.url") && section.Url.Length > 0)
        {
            Url(section.Url);
        }

        if (section.PasswordEnv.Length > 0 && section.PasswordFile.Length > 0)
        {
            Add(
                "clickhouse.password_file",
                $"clickhouse.password_file ('{section.PasswordFile}') and clickhouse.password_env ('{section.PasswordEnv}') are both "
                + "given; expected one of them.");
        }

        if (section.Cluster.Length > 0 && section.Url.Length == 0)
        {
            Add(
                "clickhouse.cluster",
                $"clickhouse.cluster ('{section.Cluster}') needs clickhouse.url, which is empty; the engine inside this program is "
                + "no cluster.");
        }
    }

    private void Url(string text)
    {
        const string Path = "clickhouse.url";
        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? url) || url.Scheme is not ("http" or "https") || url.Host.Length == 0)
        {
            Add(Path, $"{Path} is {ConfigurationWords.Quote(WithoutSecret(text))}; expected the URL of ClickHouse's HTTP interface, "
                + "for instance 'https://clickhouse.example.com:8443'.");
        }
        else if (url.UserInfo.Length > 0)
        {
            Add(Path, $"{Path} has a user or a password before '{url.Host}'. Use clickhouse.user, and clickhouse.password_env or "
                + "clickhouse.password_file; change the password if the file was shared.");
        }
        else if (url.Query.Length > 0 || url.Fragment.Length > 0)
        {
            Add(Path, $"{Path} has a query or a fragment ('{url.Query}{url.Fragment}'); expected none. Use clickhouse.database and "
                + "clickhouse.user instead.");
        }
    }

    /// <summary>Masks what stands before an '@', also in a text that is no URL: it may be a password.</summary>
    private static string WithoutSecret(string text)
    {
        int at = text.LastIndexOf('@');
        if (at < 0)
        {
            return text;
        }

        int scheme = text.IndexOf("://", StringComparison.Ordinal);
        string before = scheme >= 0 && scheme < at ? text[..(scheme + 3)] : "";
        return before + Secret.Mask + text[at..];
    }

    private void AtMost(string path, long value, string limitPath, long limit) =>
        Relation(path, value, limitPath, limit, value <= limit, "at most");

    private void AtLeast(string path, long value, string limitPath, long limit) =>
        Relation(path, value, limitPath, limit, value >= limit, "at least");

    private void Relation(string path, long value, string otherPath, long other, bool holds, string relation)
    {
        if (!holds && binder.IsSound(path) && binder.IsSound(otherPath))
        {
            // It stands where the user wrote one of the two; the other is then a default.
            Add(binder.IsGiven(path) ? path : otherPath, $"{path} ({value}) must be {relation} {otherPath} ({other}).");
        }
    }

    private void AllDifferent(string path, IReadOnlyList<string> texts, string itemSuffix = "")
    {
        var first = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int i = 0; i < texts.Count; i++)
        {
            if (!first.TryAdd(texts[i], i))
            {
                string itemPath = $"{path}[{i}]{itemSuffix}";
                Add(itemPath, $"{itemPath} ({ConfigurationWords.Quote(texts[i])}) is the same as {path}[{first[texts[i]]}]{itemSuffix}. "
                    + "Remove one of them.");
            }
        }
    }

    private void Add(string path, string message) => problems.Add(binder.PositionOf(path), path, message);
}
