using System.Text.Json;

namespace CfLogStream.Core.Insight.Remedies.Payloads;

/// <summary>Checks the body of a call to Cloudflare's API against its documented shape, before anybody sends it.</summary>
/// <remarks>
/// The shape is recognised by its members: a rule of the Ruleset Engine, an IP Access rule, a lockdown rule, API Shield operations and settings,
/// bot settings, a zone setting. Placeholders in braces stand for ids that only the user's account knows. What is not recognised is a problem:
/// nothing passes because it is unknown.
/// </remarks>
public static class PayloadRules
{
    private const int MaxLength = 1 << 20;

    /// <summary>Returns what is wrong with a body, as sentences; none when it fits its shape.</summary>
    public static IReadOnlyList<string> Check(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        if (json.Length > MaxLength)
        {
            return [$"The body has {json.Length} characters; expected at most {MaxLength}."];
        }

        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(json);
        }
        catch (JsonException problem)
        {
            return [$"The body is no JSON: line {problem.LineNumber + 1}, byte {problem.BytePositionInLine + 1}."];
        }

        using (document)
        {
            var problems = new List<string>();
            CheckRoot(document.RootElement, problems);
            return problems;
        }
    }

    private static void CheckRoot(JsonElement root, List<string> problems)
    {
        switch (root.ValueKind)
        {
            case JsonValueKind.Array when root.GetArrayLength() > 0:
                foreach (JsonElement item in root.EnumerateArray())
                {
                    OtherShapes.CheckItem(item, problems);
                }

                break;
            case JsonValueKind.Object when root.TryGetProperty("action", out _):
                RuleShape.Check(root, problems);
                break;
            case JsonValueKind.Object:
                OtherShapes.Check(root, problems);
                break;
            default:
                problems.Add("The body is neither an object nor an array with items.");
                break;
        }
    }
}
