namespace CfLogStream.Core.Traffic.Paths;

/// <summary>The known path templates, compiled once; shared by all threads.</summary>
/// <remarks>
/// A template is <c>/path</c> for every host, <c>host/path</c>, or <c>*.host/path</c> for the names below a host. <c>{name}</c> matches one
/// segment, or the part of one that literal text around it leaves (<c>{id}.json</c>, <c>{name}:cancel</c>); a last <c>/**</c> (also
/// <c>{name+}</c>, <c>{*name}</c>) matches the rest, be it empty. Matching sees paths as <see cref="PathTemplater"/> does: decoded once,
/// with neither empty segments nor matrix parts; letters count in their case, those of hosts do not.
///
/// Which template wins is decided by the templates alone: a host's own before those of <c>*.</c> names, longest first, before those of
/// every host; there, at the first segment in which two differ, literal text before text around a placeholder (most literal bytes first)
/// before <c>{name}</c> before <c>/**</c>. Of two that demand the same, the user's and then the first listed gives its text; an API
/// description that has it too still makes it an API. So a text is either always or never that of an API description for one host, and
/// the syntax rules never write it there.
///
/// Layout: see <see cref="TemplateTrie"/>. Nothing is allocated by matching.
/// </remarks>
public sealed class TemplateSet
{
    private readonly TemplateTrie _trie;
    private readonly WordTable _hosts;
    private readonly WordTable _parents;
    private readonly int _everyHost;

    private TemplateSet(TemplateTrie trie, WordTable hosts, WordTable parents, int everyHost)
    {
        _trie = trie;
        _hosts = hosts;
        _parents = parents;
        _everyHost = everyHost;
    }

    /// <summary>How many different templates are known.</summary>
    public int Count => _trie.TemplateCount;

    /// <summary>Compiles the templates of settings; what cannot be used is left out and described in <paramref name="errors"/>.</summary>
    public static TemplateSet Compile(ClassificationSettings settings, ICollection<string> errors)
    {
        var parsed = new List<ParsedTemplate>();
        Parse("path_templates", settings.PathTemplates, isApi: false, parsed, errors);
        Parse("api_templates", settings.ApiTemplates, isApi: true, parsed, errors);

        var builder = new TemplateTrieBuilder();
        var hosts = new List<(byte[], int)>();
        var parents = new List<(byte[], int)>();
        int everyHost = -1;
        foreach (IGrouping<string, ParsedTemplate> scope in parsed.GroupBy(template => template.Host))
        {
            int root = builder.AddRoot();
            foreach (ParsedTemplate template in scope)
            {
                builder.Add(root, template);
            }

            if (scope.Key.Length == 0)
            {
                everyHost = root;
            }
            else if (scope.Key[0] == '*')
            {
                parents.Add((System.Text.Encoding.ASCII.GetBytes(scope.Key[2..]), root));
            }
            else
            {
                hosts.Add((System.Text.Encoding.ASCII.GetBytes(scope.Key), root));
            }
        }

        return new TemplateSet(builder.Build(), new WordTable(hosts), new WordTable(parents), everyHost);
    }

    /// <summary>Says what is wrong with a template, or null when it can be used.</summary>
    public static string? FindProblem(string template) =>
        TemplateParser.Parse(template, isApi: false, out string problem) is null ? problem : null;

    /// <summary>Finds the template that a request path or URI matches.</summary>
    public bool TryMatch(ReadOnlySpan<byte> host, ReadOnlySpan<byte> path, out TemplateMatch match)
    {
        int template = _trie.TemplateCount == 0 ? -1 : Find(HostPattern.Trim(host), new PathSegments(path));
        match = template < 0 ? default : new TemplateMatch(_trie.Text(template), _trie.IsApi(template));
        return template >= 0;
    }

    private int Find(ReadOnlySpan<byte> host, PathSegments segments)
    {
        int root = _hosts.Find(host);
        int template = root < 0 ? -1 : _trie.Find(root, segments);
        for (int dot = host.IndexOf((byte)'.'); template < 0 && dot >= 0; dot = host.IndexOf((byte)'.'))
        {
            host = host[(dot + 1)..];
            root = _parents.Find(host);
            template = root < 0 ? -1 : _trie.Find(root, segments);
        }

        return template < 0 && _everyHost >= 0 ? _trie.Find(_everyHost, segments) : template;
    }

    private static void Parse(
        string key, IReadOnlyList<string> templates, bool isApi, List<ParsedTemplate> parsed, ICollection<string> errors)
    {
        for (int i = 0; i < templates.Count; i++)
        {
            ParsedTemplate? template = TemplateParser.Parse(templates[i], isApi, out string problem);
            if (template is null)
            {
                errors.Add($"{key}[{i}] '{ErrorText.Cut(templates[i])}' is no usable path template: {problem}.");
            }
            else
            {
                parsed.Add(template);
            }
        }
    }
}
