namespace CfLogStream.Server.Receiving;

/// <summary>The memory that the bodies of all uploads on their way share. Any thread.</summary>
internal sealed class BodyRoom
{
    private long _free;

    /// <param name="bytes">How many bytes there are.</param>
    public BodyRoom(long bytes) => _free = bytes;

    /// <summary>Takes bytes; false when there are not so many, and then none are taken.</summary>
    public bool TryTake(int bytes)
    {
        if (Interlocked.Add(ref _free, -bytes) >= 0)
        {
            return true;
        }

        Interlocked.Add(ref _free, bytes);
        return false;
    }

    /// <summary>Gives bytes back that were taken.</summary>
    public void Return(long bytes) => Interlocked.Add(ref _free, bytes);
}
