namespace CfLogStream.Server.Ingest;

/// <summary>Keeps the sources of this process together in event time, so that one that is read fast does not make the others late.</summary>
/// <remarks>
/// The log's watermark follows the newest event time. When a backlog is read, the partitions of a topic, or the topics of two datasets, would
/// reach it hours apart, and requests would miss their security events. So a batch may pass only while its newest record, which is what moves
/// the watermark, is at most the tolerance ahead of the source that is furthest behind. A source without messages for a while counts as idle
/// and holds back nobody; the one furthest behind always passes. Any thread.
/// </remarks>
internal sealed class EventTimeGate
{
    private readonly Lock _lock = new();
    private readonly List<Source> _sources = [];
    private readonly long _toleranceNs;
    private readonly TimeSpan _idle;
    private readonly TimeProvider _time;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="tolerance">How far sources may be apart.</param>
    /// <param name="idle">After how long without messages a source counts as idle.</param>
    public EventTimeGate(TimeSpan tolerance, TimeSpan idle, TimeProvider time)
    {
        _toleranceNs = tolerance.Ticks * 100;
        _idle = idle;
        _time = time;
    }

    /// <summary>Adds a source; until it has messages, or has had none for a while, the others wait for it.</summary>
    public Source Open()
    {
        lock (_lock)
        {
            var source = new Source(this, _time.GetTimestamp());
            _sources.Add(source);
            return source;
        }
    }

    private bool Passes(Source source, long newestNs)
    {
        lock (_lock)
        {
            long behindNs = long.MaxValue;
            foreach (Source other in _sources)
            {
                if (other != source && (other.IsPending || _time.GetElapsedTime(other.LastSeen) < _idle))
                {
                    behindNs = Math.Min(behindNs, other.PositionNs);
                }
            }

            return behindNs == long.MaxValue || newestNs - _toleranceNs <= behindNs;
        }
    }

    private void Change(Action change)
    {
        TaskCompletionSource changed;
        lock (_lock)
        {
            change();
            changed = _changed;
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        changed.TrySetResult();
    }

    private Task Changed()
    {
        lock (_lock)
        {
            return _changed.Task;
        }
    }

    /// <summary>One source's place in event time.</summary>
    public sealed class Source : IDisposable
    {
        private readonly EventTimeGate _gate;

        internal Source(EventTimeGate gate, long now)
        {
            _gate = gate;
            LastSeen = now;
        }

        /// <summary>How far it has brought its records; while a batch waits, at least as far as that goes.</summary>
        internal long PositionNs { get; private set; } = long.MinValue;

        /// <summary>When it last had a message, as a timestamp.</summary>
        internal long LastSeen { get; private set; }

        internal bool IsPending { get; private set; }

        /// <summary>Says that it has messages.</summary>
        public void See() => _gate.Change(() => LastSeen = _gate._time.GetTimestamp());

        /// <summary>Waits until a batch may go to the log.</summary>
        /// <param name="newestNs">Its newest event time; <see cref="long.MinValue"/> when it has none.</param>
        public async Task WaitAsync(long newestNs, CancellationToken ct)
        {
            _gate.Change(() =>
            {
                IsPending = true;
                LastSeen = _gate._time.GetTimestamp();
                PositionNs = Math.Max(PositionNs, newestNs);
            });
            while (true)
            {
                Task changed = _gate.Changed();
                if (newestNs == long.MinValue || _gate.Passes(this, newestNs))
                {
                    return;
                }

                // Others move, or become idle, which nothing announces.
                using var stopWaiting = CancellationTokenSource.CreateLinkedTokenSource(ct);
                await Task.WhenAny(changed, Task.Delay(_gate._idle / 4, _gate._time, stopWaiting.Token)).ConfigureAwait(false);
                await stopWaiting.CancelAsync().ConfigureAwait(false);
                ct.ThrowIfCancellationRequested();
            }
        }

        /// <summary>Says that the batch is on the log.</summary>
        /// <param name="newestNs">Its newest event time; <see cref="long.MinValue"/> when it has none.</param>
        public void Pass(long newestNs) => _gate.Change(() =>
        {
            IsPending = false;
            LastSeen = _gate._time.GetTimestamp();
            PositionNs = Math.Max(PositionNs, newestNs);
        });

        /// <summary>Ends the source; the others wait for it no more.</summary>
        public void Dispose() => _gate.Change(() => _gate._sources.Remove(this));
    }
}
