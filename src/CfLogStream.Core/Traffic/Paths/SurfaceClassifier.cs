using System.Text;

namespace CfLogStream.Core.Traffic.Paths;

/// <summary>Says what an endpoint is for, from the endpoint and the settings alone.</summary>
/// <remarks>
/// Nothing of a single request is looked at (no referer, no content type, no outcome), so an endpoint never has two surfaces. In order, the
/// first that holds decides: the user's overrides; a template of an API description is <c>api</c>; below <c>/cdn-cgi/</c> is what
/// Cloudflare serves to browsers, so <c>page</c>, or <c>asset</c> for transformed images, never an API of the zone; the extension of a
/// static file and the files every site has are <c>asset</c>; a strong sign is <c>api</c>: a label of the host below the zone, one of
/// the first three segments, a version, OpenID and OAuth documents, the shape of a gRPC method; PUT, PATCH or DELETE of a .json or .xml.
/// Else <c>unknown</c>: what else tells pages from APIs is learned from good answers and comes as an override of a new generation.
/// Immutable; shared by all threads. Nothing is allocated.
/// </remarks>
public sealed class SurfaceClassifier
{
    private const int ApiWordSegments = 3;

    private static readonly WordTable s_apiLabels = WordTable.Set("api apis graphql rpc gateway hooks webhook webhooks ws rest mcp");
    private static readonly WordTable s_apiSegments = WordTable.Set(
        "api apis rest graphql gql rpc jsonrpc trpc odata soap webhook webhooks hook hooks callback callbacks ipn"
        + " oauth oauth2 token wp-json xmlrpc.php mcp socket.io signalr");
    private static readonly WordTable s_siteFiles = WordTable.Set(
        "/favicon.ico /robots.txt /ads.txt /app-ads.txt /humans.txt /security.txt /sitemap.xml /sitemap_index.xml"
        + " /manifest.json /browserconfig.xml /crossdomain.xml");

    private readonly Rule[] _overrides;

    // Texts of an override in the form in which they are compared.
    private readonly record struct Rule(byte[] Host, byte[] Prefix, Surface Surface);

    private SurfaceClassifier(Rule[] overrides)
    {
        _overrides = overrides;
    }

    /// <summary>Compiles the overrides of settings; what cannot be used is left out and described in <paramref name="errors"/>.</summary>
    public static SurfaceClassifier Compile(ClassificationSettings settings, ICollection<string> errors)
    {
        var rules = new List<Rule>();
        for (int i = 0; i < settings.Surfaces.Count; i++)
        {
            SurfaceOverride entry = settings.Surfaces[i];
            string host = "";
            string? problem = entry.Host.Length > 0 ? HostPattern.Normalize(entry.Host, out host) : null;
            if (problem is null && entry.PathPrefix.Length > 0 && entry.PathPrefix[0] != '/')
            {
                problem = $"the path prefix '{ErrorText.Cut(entry.PathPrefix)}' does not start with '/'";
            }

            if (problem is not null)
            {
                errors.Add($"surfaces[{i}] for host '{ErrorText.Cut(entry.Host)}' cannot be used: {problem}.");
                continue;
            }

            rules.Add(new Rule(Encoding.ASCII.GetBytes(host), Encoding.UTF8.GetBytes(entry.PathPrefix.TrimEnd('/')), entry.Surface));
        }

        return new SurfaceClassifier([.. rules]);
    }

    /// <summary>Returns the surface of an endpoint.</summary>
    /// <param name="zone">The zone's name, or empty when it was not logged.</param>
    /// <param name="host">The host as logged.</param>
    /// <param name="method">The request method.</param>
    /// <param name="template">The endpoint's path template.</param>
    /// <param name="isApiTemplate">The template is one of an API description (<see cref="TemplateMatch.IsApi"/>).</param>
    public Surface Classify(
        ReadOnlySpan<byte> zone, ReadOnlySpan<byte> host, ReadOnlySpan<byte> method, ReadOnlySpan<byte> template, bool isApiTemplate)
    {
        host = HostPattern.Trim(host);
        foreach (ref readonly Rule rule in _overrides.AsSpan())
        {
            if (HostPattern.Matches(rule.Host, host) && StartsWithSegments(template, rule.Prefix))
            {
                return rule.Surface;
            }
        }

        if (isApiTemplate)
        {
            return Surface.Api;
        }

        if (StartsWithSegments(template, "/cdn-cgi"u8))
        {
            bool image = StartsWithSegments(template, "/cdn-cgi/image"u8) || StartsWithSegments(template, "/cdn-cgi/imagedelivery"u8);
            return image ? Surface.Asset : Surface.Page;
        }

        ReadOnlySpan<byte> extension = Extension(template);
        if (AssetExtensions.Contains(extension) || s_siteFiles.Contains(template))
        {
            return Surface.Asset;
        }

        return HasApiLabel(zone, host) || HasApiSegment(template) || IsGrpc(method, template) || IsWriteOfDocument(method, extension)
            ? Surface.Api
            : Surface.Unknown;
    }

    // '/api' and '/api/' both cover /api and /api/x, and neither covers /apiary. A {name} in the prefix covers any one segment.
    private static bool StartsWithSegments(ReadOnlySpan<byte> template, ReadOnlySpan<byte> prefix)
    {
        while (!prefix.IsEmpty)
        {
            if (template.IsEmpty)
            {
                return false;
            }

            int prefixEnd = SegmentEnd(prefix);
            int templateEnd = SegmentEnd(template);
            bool any = prefixEnd > 3 && prefix[1] == '{' && prefix[prefixEnd - 1] == '}';
            if (!(any && templateEnd > 1) && !prefix[..prefixEnd].SequenceEqual(template[..templateEnd]))
            {
                return false;
            }

            prefix = prefix[prefixEnd..];
            template = template[templateEnd..];
        }

        return true;
    }

    private static int SegmentEnd(ReadOnlySpan<byte> path)
    {
        int end = path[1..].IndexOf((byte)'/');
        return end < 0 ? path.Length : end + 1;
    }

    private static ReadOnlySpan<byte> Extension(ReadOnlySpan<byte> template)
    {
        ReadOnlySpan<byte> name = template[(template.LastIndexOf((byte)'/') + 1)..];
        int dot = name.LastIndexOf((byte)'.');
        return dot < 0 ? default : name[(dot + 1)..];
    }

    // Labels below the zone; without a zone, all but the last two.
    private static bool HasApiLabel(ReadOnlySpan<byte> zone, ReadOnlySpan<byte> host)
    {
        ReadOnlySpan<byte> labels = host;
        if (!zone.IsEmpty && host.Length >= zone.Length && Ascii.EqualsIgnoreCase(host[^zone.Length..], zone)
            && (host.Length == zone.Length || host[^(zone.Length + 1)] == '.'))
        {
            labels = host[..^zone.Length];
        }
        else
        {
            int top = host.LastIndexOf((byte)'.');
            int second = top < 0 ? -1 : host[..top].LastIndexOf((byte)'.');
            labels = second < 0 ? default : host[..second];
        }

        while (!labels.IsEmpty)
        {
            int dot = labels.IndexOf((byte)'.');
            if (s_apiLabels.Contains(dot < 0 ? labels : labels[..dot]))
            {
                return true;
            }

            labels = dot < 0 ? default : labels[(dot + 1)..];
        }

        return false;
    }

    private static bool HasApiSegment(ReadOnlySpan<byte> template)
    {
        ReadOnlySpan<byte> rest = template;
        bool wellKnown = false;
        for (int i = 0; i < ApiWordSegments && rest.Length > 1; i++)
        {
            int end = SegmentEnd(rest);
            ReadOnlySpan<byte> segment = rest[1..end];
            if (wellKnown)
            {
                return segment.SequenceEqual("openid-configuration"u8)
                    || segment.SequenceEqual("jwks.json"u8)
                    || segment.StartsWith("oauth-"u8);
            }

            if (s_apiSegments.Contains(segment) || AtomShape.IsVersion(segment))
            {
                return true;
            }

            wellKnown = i == 0 && segment.SequenceEqual(".well-known"u8);
            rest = rest[end..];
        }

        return false;
    }

    // POST /package.Service/Method: exactly two segments, the service in dotted words, both names capitalised.
    private static bool IsGrpc(ReadOnlySpan<byte> method, ReadOnlySpan<byte> template)
    {
        if (!method.SequenceEqual("POST"u8) || template.Length < 6)
        {
            return false;
        }

        int end = SegmentEnd(template);
        ReadOnlySpan<byte> service = template[1..end];
        ReadOnlySpan<byte> name = end < template.Length ? template[(end + 1)..] : default;
        int dot = service.LastIndexOf((byte)'.');
        return dot > 0 && dot + 1 < service.Length && IsTypeName(service[(dot + 1)..]) && IsTypeName(name)
            && (ByteClasses.Of(service) & (ByteClass.Mark | ByteClass.Odd)) == 0 && !service.Contains((byte)':');
    }

    private static bool IsTypeName(ReadOnlySpan<byte> name)
    {
        const ByteClass Names = ByteClass.Digit | ByteClass.HexLetter | ByteClass.Lower | ByteClass.Upper | ByteClass.Dash;
        return name.Length > 1 && name[0] is >= (byte)'A' and <= (byte)'Z'
            && (ByteClasses.Of(name) & ~Names) == 0 && !name.Contains((byte)'-');
    }

    private static bool IsWriteOfDocument(ReadOnlySpan<byte> method, ReadOnlySpan<byte> extension)
    {
        bool writes = method.SequenceEqual("PUT"u8) || method.SequenceEqual("PATCH"u8) || method.SequenceEqual("DELETE"u8);
        return writes && (Ascii.EqualsIgnoreCase(extension, "json"u8) || Ascii.EqualsIgnoreCase(extension, "xml"u8));
    }
}
