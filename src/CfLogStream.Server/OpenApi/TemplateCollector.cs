using CfLogStream.Core.Traffic.Paths;
using Microsoft.OpenApi;

namespace CfLogStream.Server.OpenApi;

/// <summary>Joins the servers and paths of one API description to templates.</summary>
internal sealed class TemplateCollector(string file, Outline outline, OpenApiLimits limits)
{
    private readonly HashSet<ApiOperation> _known = [];

    public List<ApiOperation> Operations { get; } = [];

    public List<string> Errors { get; } = [];

    /// <summary>Adds an operation for each method, path and server.</summary>
    public void Collect(OpenApiDocument? document)
    {
        if (document is null)
        {
            return;
        }

        List<string> documentPrefixes = Prefixes(document.Servers, "/servers", [""]);
        foreach ((string path, IOpenApiPathItem? item) in document.Paths ?? [])
        {
            string pointer = Outline.Append("/paths", path);
            List<string> prefixes = Prefixes(item?.Servers, pointer + "/servers", documentPrefixes);
            foreach ((HttpMethod method, OpenApiOperation? operation) in item?.Operations ?? [])
            {
                string member = Outline.Append(pointer, method.Method.ToLowerInvariant());
                foreach (string prefix in Prefixes(operation?.Servers, member + "/servers", prefixes))
                {
                    if (Operations.Count == limits.MaxTemplates)
                    {
                        Fail(pointer, $"it gives more than {limits.MaxTemplates} templates; this path and those after it are left out");
                        return;
                    }

                    if (!Add(method, prefix, path, pointer))
                    {
                        break;
                    }
                }
            }
        }
    }

    private bool Add(HttpMethod method, string prefix, string path, string pointer)
    {
        // Some descriptions tell operations of one path apart by query or fragment.
        int query = path.AsSpan().IndexOfAny('?', '#');
        string template = prefix + (query < 0 ? path : path[..query]);
        string? problem = path.StartsWith('/') ? TemplateSet.FindProblem(template) : "it does not start with '/'";
        if (problem is not null)
        {
            Fail(pointer, problem);
            return false;
        }

        var operation = new ApiOperation(method.Method.ToUpperInvariant(), template);
        if (_known.Add(operation))
        {
            Operations.Add(operation);
        }

        return true;
    }

    private List<string> Prefixes(IList<OpenApiServer>? servers, string pointer, List<string> inherited)
    {
        if (servers is not { Count: > 0 })
        {
            return inherited;
        }

        var prefixes = new List<string>();
        for (int i = 0; i < servers.Count; i++)
        {
            string? problem = servers[i] is { } server ? ServerUrls.AddPrefixes(server, prefixes) : "it is no object";
            if (problem is not null)
            {
                Fail($"{pointer}/{i}", problem);
            }
        }

        return [.. prefixes.Distinct()];
    }

    private void Fail(string pointer, string problem)
    {
        (long line, long column) = outline.Find(pointer);
        string name = pointer.Contains("/servers", StringComparison.Ordinal) ? "server" : "path";
        string message = $"A {name} of the API description {file}({line},{column}) cannot be used: {problem}.";
        if (!Errors.Contains(message))
        {
            Errors.Add(message);
        }
    }
}
