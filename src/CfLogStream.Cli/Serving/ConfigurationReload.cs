using System.Net;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using CfLogStream.Core.Traffic;
using CfLogStream.Server.Configuration;
using CfLogStream.Server.Insight.Ownership;
using CfLogStream.Server.Receiving;
using CfLogStream.Server.Serving;
using Microsoft.Extensions.Logging;

namespace CfLogStream.Cli.Serving;

/// <summary>Reads the configuration again on SIGHUP and when it changes, and takes over who may send and who owns what.</summary>
/// <remarks>
/// Nothing else is taken over. What decides how rows are made is part of the log's contract: the rows of open windows would be made by
/// two settings, and a replay by the newer one alone. A new generation is begun at a start, which deletes and replays those windows.
/// A configuration with any problem is refused as a whole. The file and the files of tokens are looked at by their content, every two
/// seconds: a file that is replaced through links, as Kubernetes does, has no change of its own that could be waited for.
/// </remarks>
internal sealed partial class ConfigurationReload : IAsyncDisposable
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(2);

    private readonly CommandContext _context;
    private readonly ILogger _logger;
    private readonly WatchedOwners _owners;
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _asked = new(0);
    private readonly PosixSignalRegistration _hangUp;
    private readonly Lock _gate = new();
    private readonly Task _watching;

    // Under the gate: a receiver may start later than the first look.
    private CfLogStreamOptions _inForce;
    private ReceiverServer? _receiver;

    // Of the watching task only. Empty at first, so that a change since the start is seen.
    private byte[] _seen = [];

    private ConfigurationReload(CommandContext context, CfLogStreamOptions options, WatchedOwners owners, ILogger logger)
    {
        _owners = owners;
        _context = context;
        _inForce = options;
        _logger = logger;
        _hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
        {
            signal.Cancel = true;
            _asked.Release();
        });
        _watching = Task.Run(WatchAsync);
    }

    /// <summary>Begins to watch.</summary>
    /// <param name="options">The configuration that the service was started with.</param>
    public static ConfigurationReload Start(CommandContext context, CfLogStreamOptions options, TimeProvider time, ILoggerFactory loggers) =>
        new(context, options, new WatchedOwners(time, loggers.CreateLogger<WatchedOwners>()), loggers.CreateLogger<ConfigurationReload>());

    /// <summary>Says which receiver is told of changes, also of one that came before it.</summary>
    public void Attach(ReceiverServer receiver)
    {
        lock (_gate)
        {
            _receiver = receiver;
            receiver.Admit(ReceiverSettings.AccessOf(_inForce.Receiver));
        }
    }

    public async ValueTask DisposeAsync()
    {
        _hangUp.Dispose();
        await _stop.CancelAsync().ConfigureAwait(false);
        await _watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _owners.Dispose();
        _stop.Dispose();
        _asked.Dispose();
    }

    private async Task WatchAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            bool isAsked = await _asked.WaitAsync(s_interval, _stop.Token).ConfigureAwait(false);
            if (_context.ConfigFile is null)
            {
                if (isAsked)
                {
                    LogNoFile(CommandContext.ConfigVariable);
                }

                continue;
            }

            try
            {
                _owners.Look(_inForce.Insight.OwnersFile, _inForce.Insight.DescriptionPattern, isAsked);
                byte[] content = Content(_context.ConfigFile);
                if (isAsked || !content.AsSpan().SequenceEqual(_seen))
                {
                    _seen = content;
                    Reload(_context.ConfigFile, isAsked);
                }
            }
            catch (Exception problem)
            {
                // The boundary of the task: what is in force stays, and the next change is looked at.
                LogFailed(problem);
            }
        }
    }

    private void Reload(string file, bool isAsked)
    {
        CfLogStreamOptions next;
        try
        {
            LoadedConfiguration loaded = _context.LoadConfiguration()!;
            ClassificationSettings classification = ApiDescriptions.Apply(loaded.Options, []);
            next = loaded.Options with { Classification = classification };
        }
        catch (ConfigurationException problem)
        {
            foreach (ConfigurationProblem one in problem.Problems)
            {
                LogProblem(one.ToString());
            }

            LogRefused(file, problem.Problems.Count);
            return;
        }

        lock (_gate)
        {
            ConfigurationChange change = ConfigurationChange.Between(_inForce, next);
            if (change.HasNewAccess)
            {
                TakeOver(next.Receiver);
            }

            if (change.HasNewOwners)
            {
                _inForce = _inForce with { Insight = next.Insight };
                _owners.Look(next.Insight.OwnersFile, next.Insight.DescriptionPattern, isAsked: false);
            }

            if (change.OfRows.Count > 0 && !change.HasNewGeneration)
            {
                LogGeneration(string.Join(", ", change.OfRows), _inForce.Classification.Generation);
            }
            else if (change.HasNewGeneration)
            {
                LogNewGeneration(next.Classification.Generation, string.Join(", ", change.OfRows));
            }

            if (change.AtStart.Count > 0)
            {
                LogAtStart(string.Join(", ", change.AtStart));
            }

            if (change.IsNone && isAsked)
            {
                LogNothing(file);
            }
        }
    }

    private void TakeOver(ReceiverSection next)
    {
        // The file was checked with its own address, and the receiver keeps the one it has.
        ReceiverSection now = _inForce.Receiver;
        bool isOpen = next.Tokens.Count == 0 && next.Networks.Count == 0;
        if (isOpen && now.Listen.Length > 0 && !IPAddress.IsLoopback(IPEndPoint.Parse(now.Listen).Address))
        {
            LogOpen(now.Listen);
            return;
        }

        _inForce = _inForce with
        {
            Receiver = now with { TokenHeader = next.TokenHeader, Tokens = next.Tokens, Networks = next.Networks },
        };
        _receiver?.Admit(ReceiverSettings.AccessOf(next));
        LogTakenOver(next.Tokens.Count, next.Tokens.Select(token => token.Source).Distinct().Count(), next.Networks.Count);
    }

    /// <summary>A hash over the file and the files of tokens; one that cannot be read counts as empty.</summary>
    private byte[] Content(string file)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string path in _inForce.Receiver.Tokens.Select(token => token.TokenFile).Where(path => path.Length > 0).Prepend(file))
        {
            try
            {
                byte[] bytes = File.ReadAllBytes(path);
                hash.AppendData(BitConverter.GetBytes(bytes.Length));
                hash.AppendData(bytes);
            }
            catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
            {
                hash.AppendData(BitConverter.GetBytes(-1));
            }
        }

        return hash.GetHashAndReset();
    }

    [LoggerMessage(
        5010,
        LogLevel.Information,
        "Who may send was taken over from the configuration: {Tokens} tokens of {Sources} sources, {Networks} networks.")]
    private partial void LogTakenOver(int tokens, int sources, int networks);

    [LoggerMessage(5011, LogLevel.Error, "{Problem}")]
    private partial void LogProblem(string problem);

    [LoggerMessage(
        5012,
        LogLevel.Error,
        "The configuration '{File}' has changed and has {Problems} problems; nothing of it was taken over, what is in force stays.")]
    private partial void LogRefused(string file, int problems);

    [LoggerMessage(
        5013,
        LogLevel.Error,
        "Changed and not taken over: {Keys}. They decide what rows mean: raise classification.generation (now {Generation}) and restart.")]
    private partial void LogGeneration(string keys, uint generation);

    [LoggerMessage(5014, LogLevel.Warning, "Generation {Generation} takes effect at the next start, with the changes of: {Keys}.")]
    private partial void LogNewGeneration(uint generation, string keys);

    [LoggerMessage(5015, LogLevel.Warning, "Changed, and in effect at the next start: {Keys}.")]
    private partial void LogAtStart(string keys);

    [LoggerMessage(5016, LogLevel.Information, "The configuration '{File}' was read again; nothing in it has changed.")]
    private partial void LogNothing(string file);

    [LoggerMessage(5017, LogLevel.Warning, "There is no configuration file to read again: none was named by --config or {Variable}.")]
    private partial void LogNoFile(string variable);

    [LoggerMessage(
        5018,
        LogLevel.Error,
        "The configuration has no tokens and no networks any more, and the receiver listens on {Listen}, where others reach it: anybody "
            + "could send records. It was not taken over; restart to change receiver.listen as well.")]
    private partial void LogOpen(string listen);

    [LoggerMessage(5019, LogLevel.Error, "The configuration could not be read again; what is in force stays.")]
    private partial void LogFailed(Exception problem);
}
