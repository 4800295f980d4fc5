namespace CfLogStream.Server.Receiving;

/// <summary>Knows the uploads of the last day by their content, and those on their way, so that one that is sent again is not appended
/// again.</summary>
/// <remarks>It saves the log a copy. It need not be complete: what it does not know after a restart, or past its bounds, the process
/// role does.</remarks>
internal sealed class UploadMemory
{
    private const int Most = 100_000;
    private static readonly TimeSpan s_memory = TimeSpan.FromHours(24);

    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private readonly Dictionary<ulong, TaskCompletionSource<bool>> _uploads = [];
    private readonly Queue<(ulong Hash, long At)> _order = new();

    public UploadMemory(TimeProvider time) => _time = time;

    /// <summary>Begins an upload.</summary>
    /// <returns>Null when it is the caller's to append and to <see cref="End"/>; else whether the one who does has succeeded.</returns>
    public Task<bool>? Begin(ulong hash)
    {
        lock (_gate)
        {
            while (_order.TryPeek(out (ulong Hash, long At) oldest)
                && (_order.Count > Most || _time.GetElapsedTime(oldest.At) > s_memory))
            {
                _uploads.Remove(oldest.Hash);
                _order.Dequeue();
            }

            if (_uploads.TryGetValue(hash, out TaskCompletionSource<bool>? known))
            {
                return known.Task;
            }

            _uploads.Add(hash, new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously));
            return null;
        }
    }

    /// <summary>Says whether the log has it now; if not, the next one to come with it may try.</summary>
    public void End(ulong hash, bool isAppended)
    {
        TaskCompletionSource<bool> ended;
        lock (_gate)
        {
            ended = _uploads[hash];
            if (isAppended)
            {
                _order.Enqueue((hash, _time.GetTimestamp()));
            }
            else
            {
                _uploads.Remove(hash);
            }
        }

        ended.SetResult(isAppended);
    }
}
