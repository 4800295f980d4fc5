using System.Diagnostics.Metrics;
using CfLogStream.Server.Insight.Ownership;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace CfLogStream.Server.Tests.Insight.Ownership;

/// <summary>What a running service knows of owners while their file changes.</summary>
public sealed class WatchedOwnersTests : IDisposable
{
    private const string Good = """
        teams: [{name: edge, contact: "#edge"}]
        owners:
          - {owner: edge, exemption: {control: firewallcustom, description: "*status*"}, why: probes, review_by: 2026-06-01}
          - {owner: edge, host: api.shop.example, why: the API}
        """;

    private readonly string _path = Path.GetTempFileName();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 5, 31, 12, 0, 0, TimeSpan.Zero));
    private readonly List<string> _log = [];
    private readonly WatchedOwners _owners;

    public WatchedOwnersTests() => _owners = new WatchedOwners(_time, new ListLogger(_log));

    public void Dispose()
    {
        _owners.Dispose();
        File.Delete(_path);
    }

    [Fact]
    public void Look_AFile_IsReadOnceUntilItChanges()
    {
        File.WriteAllText(_path, Good);
        _owners.Look(_path, "", isAsked: false);
        _owners.Look(_path, "", isAsked: false);
        Assert.Equal(2, _owners.Book.Entries.Count);
        Assert.Equal([$"Information: The owners '{_path}' are in force: 2 entries, 0 errors."], _log);

        _owners.Look(_path, "", isAsked: true);
        Assert.Equal(2, _log.Count);
        _owners.Look("", "", isAsked: false);
        Assert.Empty(_owners.Book.Entries);
    }

    [Fact]
    public void Look_AFileWithProblems_LeavesWhatWasInForceAndSaysSoOnce()
    {
        File.WriteAllText(_path, Good);
        _owners.Look(_path, "", isAsked: false);
        _log.Clear();
        File.WriteAllText(_path, Good + "\n  - {owner: nobody-known, hots: x}");
        _owners.Look(_path, "", isAsked: false);
        _owners.Look(_path, "", isAsked: false);

        Assert.Equal(2, _owners.Book.Entries.Count);
        Assert.Single(_log, line => line.StartsWith($"Error: The owners '{_path}' have ", StringComparison.Ordinal));
        Assert.Contains(_log, line => line.Contains("hots", StringComparison.Ordinal));
        Assert.Equal(1, Measure("cflogstream.owners.refused"));

        File.WriteAllText(_path, Good);
        _owners.Look(_path, "", isAsked: false);
        Assert.Equal(0, Measure("cflogstream.owners.refused"));

        File.Delete(_path);
        _owners.Look(_path, "", isAsked: false);
        Assert.Equal((1, 2), (Measure("cflogstream.owners.refused"), Measure("cflogstream.owners.entries")));

        File.WriteAllText(_path, Good);
        _owners.Look(_path, "", isAsked: false);
        Assert.Equal(0, Measure("cflogstream.owners.refused"));
    }

    [Fact]
    public void Errors_TheReviewPassesWhileItRuns_AreCountedFromThatDayOn()
    {
        File.WriteAllText(_path, Good);
        _owners.Look(_path, "", isAsked: false);
        Assert.Equal(0, Measure("cflogstream.owners.errors"));
        _time.Advance(TimeSpan.FromDays(2));
        Assert.Equal(1, Measure("cflogstream.owners.errors"));

        _owners.Look(_path, "", isAsked: true);
        Assert.Contains(_log, line => line.StartsWith("Warning: ", StringComparison.Ordinal) && line.Contains("was to be reviewed by 2026-06-01", StringComparison.Ordinal));
    }

    private static int Measure(string name)
    {
        int? found = null;
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, listening) =>
        {
            if (instrument.Name == name)
            {
                listening.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<int>((_, value, _, _) => found = Math.Max(value, found ?? 0));
        listener.Start();
        listener.RecordObservableInstruments();
        return found!.Value;
    }

    private sealed class ListLogger(List<string> lines) : ILogger<WatchedOwners>
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Add($"{logLevel}: {formatter(state, exception)}");
    }
}
