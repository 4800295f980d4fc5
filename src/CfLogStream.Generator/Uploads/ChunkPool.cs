namespace CfLogStream.Generator.Uploads;

/// <summary>Pieces of memory for waiting lines, so that what waits costs little more than its bytes.</summary>
internal sealed class ChunkPool
{
    private const int ChunkBytes = 32 * 1024;

    private readonly Stack<byte[]> _free = new();

    /// <summary>Returns a chunk that holds at least so many bytes.</summary>
    public byte[] Rent(int bytes) => bytes <= ChunkBytes && _free.TryPop(out byte[]? chunk) ? chunk : new byte[Math.Max(bytes, ChunkBytes)];

    public void Return(byte[] chunk)
    {
        if (chunk.Length == ChunkBytes)
        {
            _free.Push(chunk);
        }
    }
}
