using Microsoft.OpenApi;

namespace CfLogStream.Server.OpenApi;

/// <summary>Turns the servers of an API description into the beginnings of templates.</summary>
/// <remarks>
/// A relative server has no host, so its templates hold for every host. A variable with an enumeration stands for each of its values. One
/// without stands, in a base path, for its default, and in a host for anything: <c>https://{tenant}.example.com</c> becomes
/// <c>*.example.com</c>, and <c>https://{host}</c> every host. Ports are dropped.
/// </remarks>
internal static class ServerUrls
{
    private const int MaxUrls = 64;

    /// <summary>Adds the prefixes (host and base path, without a trailing slash) of one server.</summary>
    /// <returns>Null, or what is wrong with the server.</returns>
    public static string? AddPrefixes(OpenApiServer server, List<string> prefixes)
    {
        string url = (server.Url ?? "").Trim();
        var urls = new List<string> { url };
        foreach ((string name, OpenApiServerVariable? variable) in Variables(server))
        {
            List<string> values = [.. (variable?.Enum ?? []).Where(value => value is not null)];
            if (values.Count == 0)
            {
                continue;
            }

            if (urls.Count * values.Count > MaxUrls)
            {
                return $"its variables give more than {MaxUrls} URLs";
            }

            string placeholder = $"{{{name}}}";
            urls = [.. urls
                .SelectMany(one => values.Select(value => one.Replace(placeholder, value, StringComparison.Ordinal)))
                .Distinct()];
        }

        foreach (string one in urls)
        {
            string? problem = AddPrefix(one, server, prefixes);
            if (problem is not null)
            {
                return problem;
            }
        }

        return null;
    }

    private static string? AddPrefix(string url, OpenApiServer server, List<string> prefixes)
    {
        int scheme = url.IndexOf("://", StringComparison.Ordinal);
        int authority = scheme >= 0 ? scheme + 3 : url.StartsWith("//", StringComparison.Ordinal) ? 2 : -1;
        string host = "";
        string path = url;
        if (authority >= 0)
        {
            int slash = url.IndexOf('/', authority);
            host = slash < 0 ? url[authority..] : url[authority..slash];
            path = slash < 0 ? "" : url[slash..];
            if (host.Length == 0)
            {
                return "its URL has no host";
            }
        }

        foreach ((string name, OpenApiServerVariable? variable) in Variables(server))
        {
            path = path.Replace($"{{{name}}}", variable?.Default ?? "", StringComparison.Ordinal);
        }

        int query = path.AsSpan().IndexOfAny('?', '#');
        path = (query < 0 ? path : path[..query]).Trim('/');
        if (path == "." || path.StartsWith("./", StringComparison.Ordinal))
        {
            path = path[1..].TrimStart('/');
        }

        if (path == ".." || path.StartsWith("../", StringComparison.Ordinal))
        {
            return "its URL is relative to where the file was published, which is not known here";
        }

        prefixes.Add(WidenHost(host) + (path.Length == 0 ? "" : "/" + path));
        return null;
    }

    // The reader leaves null where a file has no object.
    private static IEnumerable<KeyValuePair<string, OpenApiServerVariable?>> Variables(OpenApiServer server) =>
        server.Variables?.Select(variable => KeyValuePair.Create(variable.Key, (OpenApiServerVariable?)variable.Value)) ?? [];

    // Every label up to the last variable becomes '*'; what is left must still say something.
    private static string WidenHost(string host)
    {
        int user = host.LastIndexOf('@');
        host = user < 0 ? host : host[(user + 1)..];
        int port = host.LastIndexOf(':');
        host = port < 0 ? host : host[..port];
        int variable = host.LastIndexOf('}');
        if (variable < 0)
        {
            return host;
        }

        int dot = host.IndexOf('.', variable);
        string parent = dot < 0 ? "" : host[(dot + 1)..];
        return parent.Contains('.', StringComparison.Ordinal) ? $"*.{parent}" : "";
    }
}
