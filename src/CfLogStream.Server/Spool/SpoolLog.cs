using System.Globalization;
using System.Security.Cryptography;
using CfLogStream.Kafka.Client;
using CfLogStream.Kafka.Log;
using CfLogStream.Kafka.Slices;
using CfLogStream.Server.Processing;
using Microsoft.Extensions.Logging;

namespace CfLogStream.Server.Spool;

/// <summary>The log on one machine: a folder of partitions, each a row of append-only segments.</summary>
/// <remarks>
/// <para>One named thread commits: it takes all appends that wait, writes them, flushes each touched partition once and completes them.
/// So an
/// append is on disk when it completes, and under load many share one flush. An append that fails leaves nothing that readers see, or, in
/// partitions that had no trouble, slices that its repetition is recognised by.</para>
/// <para>The files never need anybody's hand: a torn tail is cut off at the start, damage is passed over and reported, a full disk
/// refuses appends
/// until it has room again.</para>
/// </remarks>
public sealed partial class SpoolLog : ILogWriter, IDisposable
{
    /// <summary>The log's name in <c>progress</c>.</summary>
    public const string Name = "spool";

    private const string LockName = "lock";
    private const string PartitionPrefix = "partition-";

    private static readonly TimeSpan s_failureStands = TimeSpan.FromSeconds(60);

    private readonly SpoolOptions _options;
    private readonly FileStream _lock;
    private readonly SpoolPartition[] _partitions;
    private readonly SpoolMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly CrashPoints _crashPoints;
    private readonly ILogger _logger;
    private readonly DriveInfo _disk;
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _wake = new(0);
    private readonly Thread _thread;
    private readonly long _seed;
    private List<SpoolAppend> _waiting = [];
    private TaskCompletionSource _appended = NewSignal();
    private string? _failure;
    private long _failedAt;
    private bool _isDisposed;

    private SpoolLog(
        SpoolOptions options,
        FileStream held,
        SpoolPartition[] partitions,
        long seed,
        CrashPoints crashPoints,
        SpoolMetrics metrics,
        TimeProvider time,
        ILogger logger)
    {
        _options = options;
        _lock = held;
        _partitions = partitions;
        _seed = seed;
        _crashPoints = crashPoints;
        _metrics = metrics;
        _time = time;
        _logger = logger;
        _disk = new DriveInfo(Path.GetFullPath(options.Folder));
        metrics.Watch(() => Used, Room);
        _thread = new Thread(Commit) { Name = "cflogstream-spool", IsBackground = true };
        _thread.Start();
    }

    /// <inheritdoc/>
    public int Partitions => _partitions.Length;

    internal SpoolOptions Options => _options;

    private long Used => _partitions.Sum(static partition => partition.Bytes);

    internal SpoolMetrics Metrics => _metrics;

    /// <summary>Completes when something was appended after it was asked for.</summary>
    internal Task Appended => Volatile.Read(ref _appended).Task;

    /// <summary>Opens a spool, or makes it; cuts off what a crash left of unfinished appends.</summary>
    /// <exception cref="InvalidOperationException">Another process owns it, or a newer version of the program wrote it.</exception>
    public static SpoolLog Open(
        SpoolOptions options, SpoolMetrics metrics, TimeProvider time, ILogger<SpoolLog> logger, CrashPoints? crashPoints = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Partitions, 1, nameof(options));
        MakeFolder(options.Folder);
        FileStream held = Lock(options.Folder);
        try
        {
            string[] folders = FindPartitions(options);
            if (folders.Length != options.Partitions)
            {
                LogPartitions(logger, folders.Length, options.Partitions);
            }

            long seed = FindSeed(folders) ?? BitConverter.ToInt64(RandomNumberGenerator.GetBytes(sizeof(long)));
            SpoolPartition[] partitions = [.. folders.Select((folder, i) => SpoolPartition.Open(folder, i, options, seed, time, logger))];
            LogOpened(logger, options.Folder, partitions.Length, partitions.Sum(partition => partition.Bytes));
            return new SpoolLog(options, held, partitions, seed, crashPoints ?? CrashPoints.None, metrics, time, logger);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    /// <remarks>It cannot be cancelled once it has begun: the slices' bytes are read until it completes, which takes a few flushes at
    /// most.</remarks>
    /// <exception cref="LogAppendException">The spool has not all of them: it is full, or the disk is.</exception>
    public Task AppendAsync(IReadOnlyList<Slice> slices, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(slices);
        foreach (Slice slice in slices)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(slice.Partition, nameof(slices));
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(slice.Partition, Partitions, nameof(slices));
        }

        ct.ThrowIfCancellationRequested();
        if (slices.Count == 0)
        {
            return Task.CompletedTask;
        }

        var append = new SpoolAppend(slices, _seed);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            _waiting.Add(append);
            if (_waiting.Count == 1)
            {
                _wake.Release();
            }
        }

        return append.Completion;
    }

    /// <summary>Commits what waits and gives the folder back.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_isDisposed)
            {
                return;
            }

            _isDisposed = true;
            _wake.Release();
        }

        _thread.Join();
        foreach (SpoolPartition partition in _partitions)
        {
            partition.Dispose();
        }

        _wake.Dispose();
        _lock.Dispose();
    }

    /// <summary>Why nothing can be appended now, or the last append failed a moment ago; null when all is well. Any thread.</summary>
    public string? Trouble()
    {
        try
        {
            if (Refusal(1) is { } refusal)
            {
                return refusal;
            }
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return $"The disk of the spool '{_options.Folder}' does not say how much room it has: {problem.Message}";
        }

        // Whoever asks may be what decides whether the next upload comes here, so a failure does not stand for ever.
        return Volatile.Read(ref _failure) is { } failure && _time.GetElapsedTime(Volatile.Read(ref _failedAt)) < s_failureStands
            ? failure
            : null;
    }

    /// <summary>Keeps every process from opening a spool; for whoever works on its files.</summary>
    /// <exception cref="InvalidOperationException">Another process owns it.</exception>
    internal static IDisposable Hold(string folder) => Lock(folder);

    internal SpoolPartition PartitionAt(int number) => _partitions[number];

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static void MakeFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            // What a log says of visitors is nobody else's business.
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private static FileStream Lock(string folder)
    {
        string path = Path.Combine(folder, LockName);
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException problem) when (File.Exists(path))
        {
            throw new InvalidOperationException($"The spool '{Path.GetFullPath(folder)}' is in use by another process. Stop it, or name "
                + "another folder.", problem);
        }
    }

    /// <summary>Returns the folders of the partitions; makes them when the spool is new. The first one is made last: without it the
    /// others count nothing.</summary>
    private static string[] FindPartitions(SpoolOptions options)
    {
        string FolderOf(int number) => Path.Combine(options.Folder, PartitionPrefix + number.ToString("D4", CultureInfo.InvariantCulture));

        if (!Directory.Exists(FolderOf(0)))
        {
            for (int i = options.Partitions - 1; i >= 0; i--)
            {
                Directory.CreateDirectory(FolderOf(i));
                FolderSync.Flush(options.Folder);
            }

            return [.. Enumerable.Range(0, options.Partitions).Select(FolderOf)];
        }

        int count = 1;
        while (Directory.Exists(FolderOf(count)))
        {
            count++;
        }

        return [.. Enumerable.Range(0, count).Select(FolderOf)];
    }

    /// <summary>Returns the seed of the checksums from the first head that can be read: all have the same.</summary>
    private static long? FindSeed(string[] folders) =>
        folders.SelectMany(SpoolSegment.Find).Select(segment => segment.ReadSeed()).FirstOrDefault(seed => seed is not null);

    [LoggerMessage(1310, LogLevel.Information, "The spool '{Folder}' is open: {Partitions} partitions, {Bytes} bytes.")]
    private static partial void LogOpened(ILogger logger, string folder, int partitions, long bytes);

    [LoggerMessage(1311, LogLevel.Warning, "The spool was made with {Found} partitions and keeps them; {Configured} are configured.")]
    private static partial void LogPartitions(ILogger logger, int found, int configured);

    [LoggerMessage(1312, LogLevel.Error, "Appending to partition {Partition} of the spool failed: {Reason}")]
    private partial void LogFailed(Exception problem, int partition, string reason);

    [LoggerMessage(1313, LogLevel.Error, "Appending to the spool failed.")]
    private partial void LogCommitFailed(Exception problem);

    private void Commit()
    {
        while (true)
        {
            _wake.Wait();
            List<SpoolAppend> appends;
            bool isLast;
            lock (_gate)
            {
                appends = _waiting;
                _waiting = [];
                isLast = _isDisposed;
            }

            try
            {
                if (appends.Count > 0)
                {
                    Commit(appends);
                }
            }
            catch (Exception problem)
            {
                // The thread must live: whoever appends later may succeed.
                LogCommitFailed(problem);
                appends.ForEach(append => append.Fail(Failed(problem)));
            }

            if (isLast)
            {
                return;
            }
        }
    }

    /// <summary>Writes appends with one flush per partition and completes them.</summary>
    private void Commit(List<SpoolAppend> appends)
    {
        if (Refusal(appends.Sum(append => append.Bytes)) is { } refusal)
        {
            _metrics.Refuse(appends.Count);
            Remember(refusal);
            appends.ForEach(append => append.Fail(new LogAppendException(refusal, isTransient: true)));
            return;
        }

        long started = _time.GetTimestamp();
        var errors = new Exception?[_partitions.Length];
        var messages = new List<SpoolMessage>[_partitions.Length];
        foreach (SpoolAppend append in appends)
        {
            foreach ((int partition, SpoolMessage message) in append.Messages)
            {
                (messages[partition] ??= []).Add(message);
            }
        }

        Volatile.Write(ref _failure, null);
        Parallel.For(0, _partitions.Length, i => errors[i] = messages[i] is { } some ? Commit(_partitions[i], some) : null);
        _metrics.Commit(
            messages.Where((some, i) => errors[i] is null).Sum(some => some?.Count ?? 0), appends.Sum(append => append.Bytes), _time.GetElapsedTime(started));
        _crashPoints.Reach(CrashPoints.SpoolCommit);
        Interlocked.Exchange(ref _appended, NewSignal()).SetResult();
        foreach (SpoolAppend append in appends)
        {
            Complete(append, errors);
        }
    }

    private Exception? Commit(SpoolPartition partition, List<SpoolMessage> messages)
    {
        try
        {
            partition.Write(messages);
            _crashPoints.Reach(CrashPoints.SpoolWrite);
            partition.Commit();
            return null;
        }
        catch (Exception problem)
        {
            // A thread's boundary; what it means for the appends, they are told.
            LogFailed(problem, partition.Number, problem.Message);
            Remember($"The last append to the spool '{_options.Folder}' failed: {problem.Message}");
            partition.Undo();
            return problem;
        }
    }

    private void Complete(SpoolAppend append, Exception?[] errors)
    {
        if (append.Messages.Select(message => errors[message.Partition]).FirstOrDefault(error => error is not null) is not { } problem)
        {
            append.Succeed();
            return;
        }

        _metrics.Refuse(1);
        append.Fail(Failed(problem));
    }

    private LogAppendException Failed(Exception problem) => new(
        $"Cannot append to the spool '{_options.Folder}': {problem.Message} Append it again when the disk has "
            + "room.", isTransient: true, problem);

    private void Remember(string failure)
    {
        Volatile.Write(ref _failedAt, _time.GetTimestamp());
        Volatile.Write(ref _failure, failure);
    }

    /// <summary>How many bytes can still be appended.</summary>
    private long Room()
    {
        try
        {
            long room = _options.MaxBytes - Used;
            return Math.Max(0, _options.ReserveBytes == 0 ? room : Math.Min(room, _disk.AvailableFreeSpace - _options.ReserveBytes));
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }

    /// <summary>Why nothing can be appended now; null when it can.</summary>
    private string? Refusal(long bytes)
    {
        long used = Used;
        if (used + bytes > _options.MaxBytes)
        {
            return $"The spool '{_options.Folder}' is full: {used} of {_options.MaxBytes} bytes are not processed yet. Look at "
                + "ClickHouse, or raise spool.max_bytes.";
        }

        if (_options.ReserveBytes == 0)
        {
            return null;
        }

        long free = _disk.AvailableFreeSpace;
        return free - bytes < _options.ReserveBytes
            ? $"The disk of the spool '{_options.Folder}' has {free} bytes left, of which spool.reserve_bytes keeps "
                + $"{_options.ReserveBytes}. Make room."
            : null;
    }
}
