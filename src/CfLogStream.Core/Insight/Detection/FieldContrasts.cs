using CfLogStream.Core.Insight.Findings;

namespace CfLogStream.Core.Insight.Detection;

/// <summary>Finds the fields that separate stopped from passed requests.</summary>
public static class FieldContrasts
{
    private const double Few = 3;

    // What follows from another field, or is as good as one: shown only when nothing simpler separates.
    private static readonly Dictionary<string, double> s_complexity = new(StringComparer.Ordinal)
    {
        ["method"] = 1,
        ["country"] = 1,
        ["client_class"] = 1,
        ["bot_score"] = 1,
        ["waf_score"] = 1,
        ["colo"] = 1.1,
        ["protocol"] = 1.3,
        ["tls_protocol"] = 1.3,
        ["mtls_status"] = 1.1,
        ["template"] = 1.2,
        ["asn"] = 1.2,
        ["client_name"] = 1.2,
        ["user_agent"] = 1.4,
        ["ja4"] = 1.4,
        ["network"] = 1.6,
        ["has_query"] = 1.1,
        ["says_mozilla"] = 1,
        ["client_device_type"] = 1.3,
        ["client_ip_class"] = 1.3,
    };

    /// <summary>The contrasts of judged clients' stopped requests, the best separation first; one value per field.</summary>
    public static IReadOnlyList<FieldContrast> Find(RuleDetail detail, int most)
    {
        if (detail.Judged < Few || detail.Passed < Few)
        {
            return [];
        }

        return
        [
            .. detail.Fields
                .Select(count => new FieldContrast(
                    count.Field, count.Value, count.Judged, detail.Judged, count.Passed, detail.Passed,
                    Math.Max(0, (count.Judged / detail.Judged) - (count.Passed / detail.Passed))))
                .GroupBy(contrast => contrast.Field)
                .Select(field => field.MaxBy(contrast => contrast.Separation)!)
                .Where(contrast => contrast.Separation >= 0.2)
                .OrderByDescending(contrast => contrast.Separation / Math.Sqrt(s_complexity.GetValueOrDefault(contrast.Field, 1.5)))
                .ThenBy(contrast => contrast.Field, StringComparer.Ordinal)
                .Take(most),
        ];
    }

    /// <summary>How well a few values of one field say what a rule stops: 1 when they cover all of it and nothing that passed has them.</summary>
    /// <returns>The score, 0 to 1, less for every further value that is needed, and the values.</returns>
    public static (double Score, IReadOnlyList<string> Values) Explain(RuleDetail detail, string field)
    {
        FieldCount[] values = [.. detail.Fields.Where(count => count.Field == field).OrderByDescending(count => count.Stopped)];
        double covered = 0;
        double spared = 0;
        double best = 0;
        int used = 0;
        for (int i = 0; i < values.Length; i++)
        {
            double purity = (values[i].Stopped + 0.01) / (values[i].Stopped + values[i].Passed + 0.02);
            if (purity < 0.5)
            {
                continue;
            }

            covered += values[i].Stopped;
            spared += values[i].Passed;
            used++;
            double score = (covered / Math.Max(1, detail.Stopped)) - (spared / Math.Max(1, detail.Passed)) - (0.03 * (used - 1))
                - (0.05 * (s_complexity.GetValueOrDefault(field, 1.5) - 1));
            best = Math.Max(best, score);
        }

        return (best, [.. values.Take(Math.Max(1, used)).Select(count => count.Value)]);
    }
}
