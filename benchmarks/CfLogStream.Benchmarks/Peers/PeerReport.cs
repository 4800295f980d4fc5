using System.Globalization;
using CfLogStream.Benchmarks.Results;

namespace CfLogStream.Benchmarks.Peers;

/// <summary>Everything that one run of <c>peers</c> found out.</summary>
internal sealed record PeerReport
{
    public required PeerOptions Options { get; init; }

    public required IReadOnlyList<string> Arguments { get; init; }

    public required long JsonBytes { get; init; }

    public required long GzipBytes { get; init; }

    public required long HttpRequests { get; init; }

    public required long FirewallEvents { get; init; }

    public required int Files { get; init; }

    public required Machine Machine { get; init; }

    /// <summary>Results over plain files, ours first; empty when they were not asked about.</summary>
    public required IReadOnlyList<PeerResult> Plain { get; init; }

    /// <summary>Results over gzip files, ours first; empty when they were not asked about.</summary>
    public required IReadOnlyList<PeerResult> Gzip { get; init; }

    public double Gigabytes => JsonBytes / 1e9;

    /// <summary>Both forms' results with the name of the form.</summary>
    public IEnumerable<(string Form, IReadOnlyList<PeerResult> Results)> Forms =>
        ((string Form, IReadOnlyList<PeerResult> Results)[])[("plain", Plain), ("gzip", Gzip)];

    /// <summary>Everybody's answers, with the form of the files that were asked about.</summary>
    public IReadOnlyList<(string Engine, PeerAnswer Answer)> Answers =>
    [
        .. Forms.SelectMany(form => form.Results.Select(result => ($"{result.Name}, {form.Form}", result.Answer))),
        .. Gzip.Count > 0 ? ((string, PeerAnswer)[])[("size of the plain files", new PeerAnswer(Inflated: JsonBytes))] : [],
    ];

    /// <summary>In what the engines differ, over both forms; inflating must give what the plain files hold.</summary>
    public IReadOnlyList<string> Differences => AnswerComparison.Differences(Answers);

    public bool Agree => Differences.Count == 0;

    /// <summary>Where this report is kept.</summary>
    public string ResultsPath => Path.Combine(
        Options.Results ?? Path.Combine("benchmarks", "results", Machine.Folder),
        Options.Rate is { } rate ? string.Create(CultureInfo.InvariantCulture, $"peers-rate-{rate}.md") : "peers.md");
}
