namespace CfLogStream.Server.Processing;

/// <summary>Opens when nearly all of the last messages were no slices: then it is not the messages that are wrong.</summary>
internal sealed class PoisonBreaker
{
    private readonly bool[] _poison;
    private readonly double _share;
    private int _next;
    private int _seen;
    private int _bad;

    public PoisonBreaker(int messages, double share)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(messages, 1);
        _poison = new bool[messages];
        _share = share;
    }

    /// <summary>Takes note of a message; returns whether the breaker opens.</summary>
    public bool Opens(bool isPoison)
    {
        _bad += (isPoison ? 1 : 0) - (_poison[_next] ? 1 : 0);
        _poison[_next] = isPoison;
        _next = (_next + 1) % _poison.Length;
        _seen = Math.Min(_seen + 1, _poison.Length);
        return _seen == _poison.Length && _bad >= _share * _poison.Length;
    }
}
