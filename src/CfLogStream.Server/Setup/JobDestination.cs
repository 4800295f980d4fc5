namespace CfLogStream.Server.Setup;

/// <summary>Where a Logpush job sends to: the parts of <c>destination_conf</c>.</summary>
/// <param name="Parts">Text and secrets, one behind the other.</param>
/// <param name="NeedsOwnership">Whether Cloudflare wants a proof that the bucket is the user's.</param>
public sealed record JobDestination(IReadOnlyList<SecretPart> Parts, bool NeedsOwnership)
{
    private const string DatePlace = "{DATE}";

    /// <summary>The environment variables that are needed.</summary>
    public IEnumerable<string> Variables => Parts.Where(part => part.IsVariable).Select(part => part.Text).Distinct();

    /// <summary>The destination with <c>${NAME}</c> for secrets.</summary>
    public override string ToString() => string.Concat(Parts.Select(part => part.IsVariable ? $"${{{part.Text}}}" : part.Text));

    /// <summary>This program's receiver.</summary>
    /// <param name="url">Its address as Cloudflare reaches it.</param>
    /// <param name="header">The header that carries the token.</param>
    /// <param name="variable">The environment variable with the token; empty for none.</param>
    /// <param name="tags">What the batches are marked with, for instance <c>dataset:http_requests</c>.</param>
    /// <exception cref="SetupException">Cloudflare would not push there.</exception>
    public static JobDestination Receiver(string url, string header, string variable, IReadOnlyList<string> tags)
    {
        ArgumentNullException.ThrowIfNull(tags);
        if (!Uri.TryCreate(url, UriKind.Absolute, out Uri? uri) || uri.Scheme != Uri.UriSchemeHttps || uri.Host.Length == 0)
        {
            throw new SetupException(
                $"The destination is '{url}'; expected the receiver's address as Cloudflare reaches it, for instance "
                    + "'https://logs.example.com/': Cloudflare pushes to https with a publicly trusted certificate only.");
        }

        if (uri.UserInfo.Length > 0 || uri.Query.Contains("header_", StringComparison.OrdinalIgnoreCase))
        {
            throw new SetupException(
                "The destination has a password or a header in it; expected none: a secret on a command line can be read by others. "
                    + "Put the token into an environment variable and name it with '--token-env'.");
        }

        string query = uri.Query.TrimStart('?');
        string start = uri.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped) + "?";
        start += query.Length > 0 ? query + "&" : "";
        var parts = new List<SecretPart>();
        if (variable.Length > 0)
        {
            string scheme = string.Equals(header, "Authorization", StringComparison.OrdinalIgnoreCase) ? "Bearer%20" : "";
            parts.Add(new SecretPart($"{start}header_{Uri.EscapeDataString(header)}={scheme}", false));
            parts.Add(new SecretPart(variable, true));
            start = "&";
        }

        parts.Add(new SecretPart($"{start}tags={string.Join(',', tags.Select(Tag))}", false));
        return new JobDestination(parts, false);
    }

    /// <summary>A bucket: R2, S3, or one that speaks S3.</summary>
    /// <param name="url"><c>r2://bucket/path</c> or <c>s3://bucket/path</c>; <c>{DATE}</c> is added where it is not in the path.</param>
    /// <param name="account">The account that an R2 bucket is in.</param>
    /// <param name="region">The region of an S3 bucket.</param>
    /// <param name="endpoint">The host of a service that speaks S3; empty for AWS.</param>
    /// <exception cref="SetupException">Something is missing.</exception>
    public static JobDestination Bucket(string url, string account, string region, string endpoint)
    {
        ArgumentNullException.ThrowIfNull(url);
        bool isR2 = url.StartsWith("r2://", StringComparison.Ordinal);
        string path = url[(url.IndexOf("://", StringComparison.Ordinal) + 3)..];
        if (path.AsSpan().IndexOfAny('?', '#') >= 0 || path.Trim('/').Length == 0 || path.StartsWith('/'))
        {
            throw new SetupException($"The destination is '{url}'; expected a bucket and perhaps a path, for instance 's3://my-logs/cloudflare/{DatePlace}'.");
        }

        string[] names = path.Trim('/').Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (!path.Contains(DatePlace, StringComparison.Ordinal))
        {
            names = [.. names, DatePlace];
        }

        string place = string.Join('/', names.Select(Name));
        if (isR2)
        {
            Need(account, "--bucket-account", "the id of the account that the R2 bucket is in");
            return new JobDestination(
                [
                    new SecretPart($"r2://{place}?account-id={Uri.EscapeDataString(account)}&access-key-id=", false),
                    new SecretPart("R2_ACCESS_KEY_ID", true),
                    new SecretPart("&secret-access-key=", false),
                    new SecretPart("R2_SECRET_ACCESS_KEY", true),
                ],
                false);
        }

        Need(region, "--region", "the region of the bucket, for instance 'us-east-1'");
        string start = $"s3://{place}?region={Uri.EscapeDataString(region)}";
        return endpoint.Length == 0
            ? new JobDestination([new SecretPart(start, false)], true)
            : new JobDestination(
                [
                    new SecretPart(start + "&access-key-id=", false),
                    new SecretPart("AWS_ACCESS_KEY_ID", true),
                    new SecretPart("&secret-access-key=", false),
                    new SecretPart("AWS_SECRET_ACCESS_KEY", true),
                    new SecretPart($"&endpoint={Uri.EscapeDataString(endpoint)}", false),
                ],
                false);
    }

    /// <summary>Escapes a tag; the colon between its name and its value stays.</summary>
    private static string Tag(string tag)
    {
        string[] halves = tag.Split(':', 2);
        return string.Join(':', halves.Select(Uri.EscapeDataString));
    }

    private static string Name(string name) =>
        string.Join(DatePlace, name.Split(DatePlace).Select(part => Uri.EscapeDataString(part)));

    private static void Need(string value, string option, string what)
    {
        if (value.Length == 0)
        {
            throw new SetupException($"The option '{option}' is missing; expected {what}.");
        }
    }
}
