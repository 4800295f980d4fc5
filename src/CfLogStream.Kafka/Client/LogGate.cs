namespace CfLogStream.Kafka.Client;

/// <summary>Lets a repeating message pass once in 10 seconds and counts those between.</summary>
internal sealed class LogGate
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private long _last;
    private bool _passed;
    private int _suppressed;

    internal LogGate(TimeProvider time) => _time = time;

    /// <summary>True when the message may pass.</summary>
    /// <param name="suppressed">How many did not since the last one that did.</param>
    internal bool TryPass(out int suppressed)
    {
        lock (_gate)
        {
            long now = _time.GetTimestamp();
            if (_passed && _time.GetElapsedTime(_last, now) < s_interval)
            {
                _suppressed++;
                suppressed = 0;
                return false;
            }

            _passed = true;
            _last = now;
            suppressed = _suppressed;
            _suppressed = 0;
            return true;
        }
    }
}
