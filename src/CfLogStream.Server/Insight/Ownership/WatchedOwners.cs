using System.Diagnostics.Metrics;
using CfLogStream.Core.Insight.Ownership;
using CfLogStream.Server.Configuration;
using Microsoft.Extensions.Logging;

namespace CfLogStream.Server.Insight.Ownership;

/// <summary>The owners that a running service knows: read again when their file changes, with what is overdue as metrics.</summary>
/// <remarks>
/// Exemptions outlive their reason because nobody looks at the file; a service that runs all day can say so. A file with problems is
/// refused as a whole, and what was read before stays.
/// </remarks>
public sealed partial class WatchedOwners : IDisposable
{
    private readonly Meter _meter = new("CfLogStream.Server");
    private readonly TimeProvider _time;
    private readonly ILogger<WatchedOwners> _logger;
    private OwnerBook _book = OwnerBook.Empty;
    private string _path = "";

    // Null when the file could not be read, or there is none: whatever comes is new.
    private byte[]? _seen;
    private volatile bool _isRefused;

    public WatchedOwners(TimeProvider time, ILogger<WatchedOwners> logger)
    {
        _time = time;
        _logger = logger;
        _meter.CreateObservableGauge("cflogstream.owners.entries", () => Book.Entries.Count, "{entry}", "Entries of the file of owners that is in force.");
        _meter.CreateObservableGauge(
            "cflogstream.owners.errors", Errors, "{error}", "Exemptions past their review, entries past their end, things with two owners.");
        _meter.CreateObservableGauge(
            "cflogstream.owners.refused", () => _isRefused ? 1 : 0, "{file}", "1 when the file as it is now cannot be read or has problems, and an earlier one is in force.");
    }

    /// <summary>The owners in force.</summary>
    public OwnerBook Book => Volatile.Read(ref _book);

    /// <summary>Reads the file when it is another one or has changed.</summary>
    /// <param name="path">The file; empty for none.</param>
    /// <param name="pattern">What owners are looked for by in descriptions; empty for the default.</param>
    /// <param name="isAsked">Whether it is read in any case.</param>
    public void Look(string path, string pattern, bool isAsked)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(pattern);
        string known = $"{path}\n{pattern}";
        if (path.Length == 0)
        {
            _seen = null;
            _path = known;
            _isRefused = false;
            Volatile.Write(ref _book, OwnerBook.Empty);
            return;
        }

        try
        {
            var unread = new ProblemList(path);
            byte[] content = ConfigurationLoader.ReadFile(path, unread);
            if (unread.Count > 0)
            {
                _seen = null;
                unread.ThrowIfAny();
            }

            if (!isAsked && known == _path && _seen is not null && content.AsSpan().SequenceEqual(_seen))
            {
                return;
            }

            _path = known;
            _seen = content;
            OwnerBook book = OwnersFile.Parse(path, content, pattern.Length > 0 ? DescriptionTags.Compile(pattern) : null);
            Volatile.Write(ref _book, book);
            _isRefused = false;
            IReadOnlyList<OwnerProblem> problems = OwnerLint.Check(book, Today());
            LogRead(path, book.Entries.Count, problems.Count(problem => problem.IsError));
            foreach (OwnerProblem problem in problems.Where(problem => problem.IsError))
            {
                LogOverdue(problem.Place, problem.Message);
            }
        }
        catch (ConfigurationException problem)
        {
            // Said once for each state of the file.
            bool isNew = !_isRefused || isAsked || known != _path;
            _isRefused = true;
            _path = known;
            if (isNew)
            {
                foreach (ConfigurationProblem one in problem.Problems)
                {
                    LogProblem(one.ToString());
                }

                LogRefused(path, problem.Problems.Count);
            }
        }
    }

    public void Dispose() => _meter.Dispose();

    private DateOnly Today() => DateOnly.FromDateTime(_time.GetUtcNow().UtcDateTime);

    private int Errors() => OwnerLint.Check(Book, Today()).Count(problem => problem.IsError);

    [LoggerMessage(5030, LogLevel.Information, "The owners '{File}' are in force: {Entries} entries, {Errors} errors.")]
    private partial void LogRead(string file, int entries, int errors);

    [LoggerMessage(5031, LogLevel.Warning, "{Place}: {Problem}")]
    private partial void LogOverdue(string place, string problem);

    [LoggerMessage(5032, LogLevel.Error, "{Problem}")]
    private partial void LogProblem(string problem);

    [LoggerMessage(5033, LogLevel.Error, "The owners '{File}' have {Problems} problems; nothing of them was taken over, what is in force stays.")]
    private partial void LogRefused(string file, int problems);
}
