namespace CfLogStream.Server.Processing;

/// <summary>The greatest position of one kind of one source whose positions only grow, now and at earlier messages.</summary>
internal sealed class StreamPositions
{
    // The greatest position after a message that brought a greater one; -1 for what was known at the beginning.
    private readonly List<(long Message, long Position)> _seen = [];

    public StreamPositions()
    {
    }

    public StreamPositions(long position)
    {
        _seen.Add((-1, position));
    }

    /// <summary>Whether a record was there before; if not, its position is the greatest now.</summary>
    public bool IsKnown(long position, long message)
    {
        if (_seen.Count > 0)
        {
            (long last, long greatest) = _seen[^1];
            if (position <= greatest)
            {
                return true;
            }

            if (last == message)
            {
                _seen[^1] = (message, position);
                return false;
            }
        }

        _seen.Add((message, position));
        return false;
    }

    /// <summary>The greatest position before a message, if there was any; later calls do not ask for earlier messages.</summary>
    public bool TryGetBefore(long message, out long position)
    {
        int before = _seen.FindLastIndex(entry => entry.Message < message);
        position = before < 0 ? 0 : _seen[before].Position;
        if (before > 0)
        {
            _seen.RemoveRange(0, before);
        }

        return before >= 0;
    }
}
