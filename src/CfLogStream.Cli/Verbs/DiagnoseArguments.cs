using System.CommandLine;
using CfLogStream.Server.Insight.Diagnosing;

namespace CfLogStream.Cli.Verbs;

/// <summary>The options of <c>diagnose</c>.</summary>
internal sealed class DiagnoseArguments
{
    private readonly Option<string?> _zone = new("--zone") { Description = "Only this zone." };
    private readonly Option<string?> _host = new("--host") { Description = "Only this host." };

    private readonly Option<string?> _path = new("--path")
    {
        Description = "Only this path template, or those that begin with it when it ends in '*'.",
        HelpName = "PATH",
    };

    private readonly Option<string?> _client = new("--client") { Description = "Only this client class or name, for instance 'webhook' or 'okhttp'." };

    private readonly Option<string?> _since = new("--since")
    {
        Description = "From when on: a time, or how long before the newest record ('24h', which is the default).",
        HelpName = "TIME",
    };

    private readonly Option<string?> _until = new("--until") { Description = "Until when; the newest record without it.", HelpName = "TIME" };

    private readonly Option<string?> _html = new("--html") { Description = "Also writes a report for browsers into this file.", HelpName = "FILE" };

    private readonly Option<bool> _markdown = new("--markdown") { Description = "Prints Markdown, for a ticket." };

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_host, _path, _client, _zone, _since, _until, _html, _markdown])
        {
            command.Options.Add(option);
        }
    }

    public string? Html(ParseResult parse) => parse.GetValue(_html);

    public bool Markdown(ParseResult parse) => parse.GetValue(_markdown);

    /// <summary>Reads the scope; throws <see cref="CommandException"/> for a time that cannot be read.</summary>
    public DiagnosisScope Read(ParseResult parse, DateTime now)
    {
        var moments = new MomentReader(TimeZoneInfo.Utc, now);
        DateTime? until = parse.GetValue(_until) is { } end ? moments.Read("--until", end) : null;
        var scope = new DiagnosisScope
        {
            Zone = parse.GetValue(_zone) ?? "",
            Host = parse.GetValue(_host)?.ToLowerInvariant() ?? "",
            Path = parse.GetValue(_path) ?? "",
            Client = parse.GetValue(_client) ?? "",
            To = until,
        };
        string? since = parse.GetValue(_since);
        if (since is null)
        {
            return scope;
        }

        // A length of time counts from the end of the data, which may be long ago.
        if (MomentReader.IsDuration(since))
        {
            return scope with { Span = MomentReader.ReadDuration("--since", since) };
        }

        DateTime from = moments.Read("--since", since);
        return until is { } last && from >= last
            ? throw CommandException.Usage($"'--since' ({from:yyyy-MM-dd HH:mm:ss} UTC) must be before '--until' ({last:yyyy-MM-dd HH:mm:ss} UTC).")
            : scope with { From = from };
    }
}
