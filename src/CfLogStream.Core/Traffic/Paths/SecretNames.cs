using System.Runtime.CompilerServices;

namespace CfLogStream.Core.Traffic.Paths;

/// <summary>Names behind which secrets stand: of query parameters, path segments and headers.</summary>
internal static class SecretNames
{
    /// <summary>The length of the shortest word after which a secret stands.</summary>
    public const int MinSegment = 3;

    /// <summary>Longer names are judged by their end.</summary>
    private const int MaxName = 64;

    // Compared without case and without everything that is no letter or digit, so api_key, apiKey and X-Api-Key are one.
    private static readonly WordTable s_parameters = WordTable.Set(
        "token key apikey apitoken sig sign signature hmac password passwd passphrase pass pwd pw secret code"
        + " auth authorization authtoken jwt bearer session sessionid sid ssid jsessionid phpsessid aspsessionid"
        + " sessid connectsid credential credentials cred assertion clientassertion samlresponse samlrequest samlart"
        + " otp totp pin mfa codeverifier csrf csrfmiddlewaretoken xsrf cookie cfclearance cfchltk cfchlrttk"
        + " cfchlftk cfturnstileresponse grecaptcharesponse hcaptcharesponse hdnts hdnea hdntl keypairid"
        + " sharedaccesssignature sas userpass userpwd invitecode resetcode verificationcode authcode accesscode"
        + " passcode magic authkey");

    private static readonly byte[][] s_endings =
    [
        .. new[]
        {
            "token", "secret", "password", "passwd", "passphrase", "apikey", "signature", "sessionid", "accesskey",
            "secretkey", "privatekey", "accesskeyid", "credential", "credentials", "jwt", "authkey", "hmac",
        }.Select(System.Text.Encoding.ASCII.GetBytes),
    ];

    private static readonly WordTable s_segments = WordTable.Set(
        "reset verify verification confirm confirmation invite invites invitation invitations magic magiclink"
        + " token tokens activate activation unsubscribe recover recovery otp passcode passwordless secret secrets"
        + " apikey accesstoken resetpassword passwordreset verifyemail emailverification confirmemail"
        + " emailconfirmation acceptinvite acceptinvitation resettoken");

    // Secrets that say what they are. Compared in their case.
    private static readonly byte[][] s_tokenPrefixes =
    [
        .. new[]
        {
            "sk_live_", "sk_test_", "rk_live_", "rk_test_", "sk-", "whsec_", "ghp_", "gho_", "ghu_", "ghs_", "ghr_",
            "github_pat_", "glpat-", "gldt-", "xoxa-", "xoxb-", "xoxe-", "xoxo-", "xoxp-", "xoxr-", "xoxs-", "xapp-",
            "AKIA", "ASIA", "AIza", "ya29", "npm_", "pypi-", "dop_v1_", "doo_v1_", "shpat_", "shpca_", "shppa_", "shpss_",
            "sq0atp-", "sq0csp-", "EAAC", "EAAA", "hf_", "key-", "rpa_", "lin_api_", "hvs", "PMAK-",
        }.Select(System.Text.Encoding.ASCII.GetBytes),
    ];

    private static readonly WordTable s_headers = WordTable.Set(
        "accept content-type origin x-requested-with user-agent access-control-request-method"
        + " access-control-request-headers access-control-request-private-network");

    /// <summary>True for a query parameter whose value is a secret; the name as it stands in the query.</summary>
    public static bool IsParameter(ReadOnlySpan<byte> name)
    {
        Span<byte> buffer = stackalloc byte[MaxName];
        ReadOnlySpan<byte> word = Fold(name, buffer);
        if (word.IsEmpty)
        {
            return false;
        }

        if (s_parameters.Contains(word) || word.StartsWith("xamz"u8) || word.StartsWith("xgoog"u8))
        {
            return true;
        }

        foreach (byte[] ending in s_endings)
        {
            if (word.EndsWith(ending))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>True for a path segment after which a secret stands: <c>reset</c>, <c>verify-email</c>, <c>accept_invite</c>.</summary>
    public static bool IsSegment(ReadOnlySpan<byte> segment)
    {
        while (!segment.IsEmpty)
        {
            int end = segment.IndexOfAny((byte)'-', (byte)'_');
            if (s_segments.Contains(end < 0 ? segment : segment[..end]))
            {
                return true;
            }

            segment = end < 0 ? default : segment[(end + 1)..];
        }

        return false;
    }

    /// <summary>True for a path segment after which a secret stands, when the segment has neither hyphen nor underscore.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsSegmentWord(ReadOnlySpan<byte> segment) => s_segments.Contains(segment);

    /// <summary>True for a token that begins like the secrets of a known issuer.</summary>
    public static bool IsKnownToken(ReadOnlySpan<byte> token)
    {
        foreach (byte[] prefix in s_tokenPrefixes)
        {
            if (token.StartsWith(prefix))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>True for a header whose value may be stored.</summary>
    public static bool IsHarmlessHeader(ReadOnlySpan<byte> name) =>
        s_headers.Contains(name)
        || StartsWith(name, "accept-"u8)
        || StartsWith(name, "sec-fetch-"u8)
        || StartsWith(name, "sec-ch-ua"u8)
        || (name.Length > 11 && System.Text.Ascii.EqualsIgnoreCase(name[^11..], "-user-agent"u8));

    private static bool StartsWith(ReadOnlySpan<byte> name, ReadOnlySpan<byte> start) =>
        name.Length >= start.Length && System.Text.Ascii.EqualsIgnoreCase(name[..start.Length], start);

    // The last bytes of a name, decoded at every depth, in lower case, letters and digits only: user[api_key] gives userapikey.
    private static ReadOnlySpan<byte> Fold(ReadOnlySpan<byte> name, Span<byte> buffer)
    {
        const int MaxEncoded = 4 * MaxName;
        name = name.Length > MaxEncoded ? name[^MaxEncoded..] : name;
        int length = 0;
        for (int i = 0; i < name.Length;)
        {
            byte value = EncodedByte.Read(name, ref i, out _);
            if (value is >= (byte)'A' and <= (byte)'Z')
            {
                value |= 0x20;
            }

            if (value == '*')
            {
                // A part that was masked says nothing, so that masking again finds the same names.
                length = 0;
            }

            if (value is (>= (byte)'a' and <= (byte)'z') or (>= (byte)'0' and <= (byte)'9'))
            {
                if (length == buffer.Length)
                {
                    buffer[1..].CopyTo(buffer);
                    length--;
                }

                buffer[length++] = value;
            }
        }

        return buffer[..length];
    }
}
