using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace CfLogStream.Core.Insight.Changes;

/// <summary>Takes secrets out of the JSON of an old or new value. Everything else stays byte for byte.</summary>
/// <remarks>
/// Masked are strings and numbers under a name that is one of a secret (<c>token</c>, <c>secret</c>, <c>password</c>, <c>…_key</c>), and inside
/// other strings what <see cref="SecretText"/> finds: secrets in addresses and the literals that a rule compares secret headers with. JSON
/// that cannot be read cannot be masked either, so nothing of it is kept.
/// </remarks>
public static class SecretMask
{
    /// <summary>What stands for a secret.</summary>
    public const string Mask = "***";

    private const int MaxDepth = 256;

    private static ReadOnlySpan<byte> Unreadable => "{\"unreadable\":true}"u8;

    /// <summary>Returns the value with its secrets masked.</summary>
    public static byte[] Apply(ReadOnlySpan<byte> json)
    {
        if (json.IsEmpty)
        {
            return [];
        }

        var result = new List<byte>(json.Length);
        try
        {
            int copied = 0;
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MaxDepth });
            bool isSecret = false;
            while (reader.Read())
            {
                byte[]? masked = reader.TokenType switch
                {
                    JsonTokenType.String => MaskString(ref reader, isSecret),
                    JsonTokenType.Number when isSecret => Encoding.UTF8.GetBytes($"\"{Mask}\""),
                    _ => null,
                };
                if (masked is not null)
                {
                    int start = (int)reader.TokenStartIndex;
                    result.AddRange(json[copied..start]);
                    result.AddRange(masked);
                    copied = (int)reader.BytesConsumed;
                }

                isSecret = NextIsSecret(ref reader, isSecret);
            }

            result.AddRange(json[copied..]);
            return [.. result];
        }
        catch (Exception problem) when (problem is JsonException or InvalidOperationException)
        {
            // The second is a string that is no UTF-8.
            return Unreadable.ToArray();
        }
    }

    /// <summary>Whether a member's name is that of a secret.</summary>
    internal static bool IsSecretName(string name)
    {
        string folded = name.Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal).ToLowerInvariant();
        if (folded.EndsWith("id", StringComparison.Ordinal) || folded.EndsWith("name", StringComparison.Ordinal)
            || folded.EndsWith("type", StringComparison.Ordinal) || folded.EndsWith("tag", StringComparison.Ordinal))
        {
            return false;
        }

        return folded.Contains("token", StringComparison.Ordinal)
            || folded.Contains("secret", StringComparison.Ordinal)
            || folded.Contains("passw", StringComparison.Ordinal)
            || folded.Contains("credential", StringComparison.Ordinal)
            || folded.Contains("authorization", StringComparison.Ordinal)
            || folded.Contains("signature", StringComparison.Ordinal)
            || folded.Contains("cookie", StringComparison.Ordinal)
            || (folded.Length > 3 && folded.EndsWith("key", StringComparison.Ordinal));
    }

    /// <summary>Whether the next token is a secret's value: behind a secret's name, and in a list that is one.</summary>
    private static bool NextIsSecret(ref Utf8JsonReader reader, bool isSecret) => reader.TokenType switch
    {
        JsonTokenType.PropertyName => IsSecretName(reader.GetString() ?? ""),
        JsonTokenType.StartArray => isSecret,
        JsonTokenType.String or JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False or JsonTokenType.Null => isSecret,
        _ => false,
    };

    private static byte[]? MaskString(ref Utf8JsonReader reader, bool isSecret)
    {
        if (isSecret)
        {
            return reader.ValueSpan.IsEmpty ? null : Encoding.UTF8.GetBytes($"\"{Mask}\"");
        }

        string text = reader.GetString() ?? "";
        string masked = SecretText.Apply(text);
        return ReferenceEquals(masked, text)
            ? null
            : Encoding.UTF8.GetBytes($"\"{JsonEncodedText.Encode(masked, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"");
    }
}
