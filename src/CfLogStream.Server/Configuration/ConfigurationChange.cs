using System.Text.Json;

namespace CfLogStream.Server.Configuration;

/// <summary>What differs between the configuration in force and a newer one.</summary>
/// <param name="HasNewAccess">Whether other senders may send.</param>
/// <param name="HasNewOwners">Whether owners are read from elsewhere or in another way.</param>
/// <param name="OfRows">Keys that decide what rows mean, <c>classification.generation</c> apart: they need a new generation.</param>
/// <param name="AtStart">Other keys; they take effect at the next start.</param>
/// <param name="HasNewGeneration">Whether <c>classification.generation</c> is greater.</param>
public sealed record ConfigurationChange(
    bool HasNewAccess,
    bool HasNewOwners,
    IReadOnlyList<string> OfRows,
    IReadOnlyList<string> AtStart,
    bool HasNewGeneration)
{
    private const string Generation = "classification.generation";

    private static readonly string[] s_access = ["receiver.tokens", "receiver.networks", "receiver.token_header"];
    private static readonly string[] s_owners = ["insight.owners_file", "insight.description_pattern"];
    private static readonly string[] s_rowSections = ["classification.", "correlation.", "reader.", "openapi_files"];

    /// <summary>Whether nothing differs.</summary>
    public bool IsNone => !HasNewAccess && !HasNewOwners && OfRows.Count == 0 && AtStart.Count == 0 && !HasNewGeneration;

    /// <summary>Compares two configurations with their OpenAPI files read.</summary>
    public static ConfigurationChange Between(CfLogStreamOptions inForce, CfLogStreamOptions next)
    {
        ArgumentNullException.ThrowIfNull(inForce);
        ArgumentNullException.ThrowIfNull(next);
        var keys = new List<string>();
        Compare(OptionShape.Of(typeof(CfLogStreamOptions)), inForce, next, "", keys);
        if (!keys.Contains("openapi_files") && !inForce.Classification.ApiTemplates.SequenceEqual(next.Classification.ApiTemplates))
        {
            keys.Add("openapi_files");
        }

        bool hasNewAccess = keys.Exists(s_access.Contains) || !inForce.Receiver.Tokens.SequenceEqual(next.Receiver.Tokens);
        string[] ofRows =
        [
            .. keys.Where(key => key != Generation && s_rowSections.Any(section => key.StartsWith(section, StringComparison.Ordinal))),
        ];
        bool hasNewGeneration = next.Classification.Generation > inForce.Classification.Generation;
        return new ConfigurationChange(
            hasNewAccess,
            keys.Exists(s_owners.Contains),
            ofRows,
            [.. keys.Where(key => !s_access.Contains(key) && !s_owners.Contains(key) && !ofRows.Contains(key) && !(key == Generation && hasNewGeneration))],
            hasNewGeneration);
    }

    private static void Compare(OptionShape shape, object inForce, object next, string prefix, List<string> keys)
    {
        foreach (OptionKey key in shape.Keys)
        {
            object one = key.Property.GetValue(inForce)!;
            object other = key.Property.GetValue(next)!;
            string path = prefix + key.Name;
            if (key.Kind == OptionKind.Section && !key.IsList)
            {
                Compare(key.Shape, one, other, path + ".", keys);
            }
            else if (JsonSerializer.Serialize(one) != JsonSerializer.Serialize(other))
            {
                // Secrets are no keys, and have nothing that would be written.
                keys.Add(path);
            }
        }
    }
}
