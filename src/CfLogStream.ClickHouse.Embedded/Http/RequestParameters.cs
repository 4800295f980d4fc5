using CfLogStream.ClickHouse.Embedded.Engine;
using Microsoft.AspNetCore.Http;

namespace CfLogStream.ClickHouse.Embedded.Http;

/// <summary>The URL parameters of a request, sorted into what they mean to ClickHouse.</summary>
internal sealed class RequestParameters
{
    private const string ParameterPrefix = "param_";

    // Consumed here, or about the transport; in ClickHouse they are no settings either, or have no effect without a session.
    private static readonly HashSet<string> s_reserved = new(StringComparer.Ordinal)
    {
        "query", "database", "default_format", "query_id", "user", "password", "quota_key", "compress", "decompress",
        "session_id", "session_timeout", "session_check", "client_protocol_version", "wait_end_of_query", "buffer_size",
        "enable_http_compression", "http_zlib_compression_level", "http_native_compression_disable_checksumming_on_decompress",
        "send_progress_in_http_headers", "http_headers_progress_interval_ms", "add_http_cors_header", "stacktrace", "role",
    };

    private RequestParameters()
    {
    }

    public string Query { get; private set; } = "";

    public string? Database { get; private set; }

    public string? DefaultFormat { get; private set; }

    public required string QueryId { get; init; }

    public bool CompressAnswer { get; private set; }

    public bool WaitForEnd { get; private set; }

    public bool IsGet { get; private set; }

    public int ProtocolVersion { get; private set; }

    public List<KeyValuePair<string, string>> Settings { get; } = [];

    public QueryParameters Values { get; private set; } = QueryParameters.None;

    /// <summary>Reads the parameters of a request.</summary>
    /// <exception cref="EngineException">One of them asks for what the embedded engine does not offer.</exception>
    public static RequestParameters Of(HttpRequest request)
    {
        IQueryCollection url = request.Query;
        var parameters = new RequestParameters { QueryId = QueryIdOf(request, url) };
        List<KeyValuePair<string, string>>? values = null;
        foreach ((string name, Microsoft.Extensions.Primitives.StringValues all) in url)
        {
            string value = all[^1] ?? "";
            if (name.StartsWith(ParameterPrefix, StringComparison.Ordinal))
            {
                (values ??= []).Add(new(name[ParameterPrefix.Length..], value));
            }
            else if (!s_reserved.Contains(name))
            {
                parameters.Settings.Add(new(name, value));
            }
        }

        parameters.Query = Last(url, "query") ?? "";
        parameters.Database = Last(url, "database") ?? Header(request, "X-ClickHouse-Database");
        parameters.DefaultFormat = Last(url, "default_format") ?? Header(request, "X-ClickHouse-Format");
        parameters.CompressAnswer = IsOn(Last(url, "enable_http_compression"));
        parameters.WaitForEnd = IsOn(Last(url, "wait_end_of_query"));
        parameters.IsGet = HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method);
        parameters.ProtocolVersion = int.TryParse(Last(url, "client_protocol_version"), out int version) ? version : 0;
        if (values is not null)
        {
            parameters.Values = new QueryParameters(values);
        }

        RefuseWhatIsNotOffered(request);
        return parameters;
    }

    /// <summary>Returns whether the URL sets a setting.</summary>
    public bool Has(string setting) => Settings.Exists(pair => pair.Key == setting);

    private static void RefuseWhatIsNotOffered(HttpRequest request)
    {
        IQueryCollection url = request.Query;
        if (request.HasFormContentType && request.ContentType!.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase))
        {
            throw new EngineException(
                EngineErrorCode.NotImplemented, "NOT_IMPLEMENTED",
                "The embedded ClickHouse takes no external tables (multipart/form-data). Insert the data into a table first");
        }

        if (!string.IsNullOrEmpty(Last(url, "role")))
        {
            throw new EngineException(
                EngineErrorCode.NotImplemented, "NOT_IMPLEMENTED",
                "The embedded ClickHouse has no roles to choose ('role'). Authenticate as the user who has the rights");
        }

        if (!string.IsNullOrEmpty(Last(url, "session_id")))
        {
            throw new EngineException(
                EngineErrorCode.NotImplemented, "NOT_IMPLEMENTED",
                "The embedded ClickHouse keeps no HTTP sessions: each request is a session of its own. Leave out 'session_id', send "
                + "settings as URL parameters of each request, and use tables instead of temporary tables");
        }

        if (IsOn(Last(url, "compress")) || IsOn(Last(url, "decompress")))
        {
            throw new EngineException(
                EngineErrorCode.NotImplemented, "NOT_IMPLEMENTED",
                "The embedded ClickHouse does not speak ClickHouse's own block compression ('compress', 'decompress'). Use HTTP "
                + "compression: 'enable_http_compression=1' with Accept-Encoding gzip, deflate or zstd, and Content-Encoding for bodies");
        }
    }

    private static string QueryIdOf(HttpRequest request, IQueryCollection url)
    {
        string? id = Last(url, "query_id") ?? Header(request, "X-ClickHouse-Query-Id");
        return string.IsNullOrEmpty(id) ? Guid.NewGuid().ToString() : id;
    }

    private static bool IsOn(string? value) => value is "1" or "true";

    private static string? Last(IQueryCollection url, string name) => url.TryGetValue(name, out var values) ? values[^1] : null;

    private static string? Header(HttpRequest request, string name) =>
        request.Headers.TryGetValue(name, out var values) && values.Count > 0 ? values[^1] : null;
}
