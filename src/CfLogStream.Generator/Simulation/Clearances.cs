namespace CfLogStream.Generator.Simulation;

/// <summary>Who solved a challenge lately and is let through for half an hour.</summary>
/// <remarks>A table of fixed size; two callers in one place take it from each other, which only asks one of them again.</remarks>
internal sealed class Clearances(int slots)
{
    private const long ValidMs = 1_800_000;

    private readonly ulong[] _caller = new ulong[slots];
    private readonly long[] _until = new long[slots];

    public void Grant(Request request)
    {
        int slot = (int)(request.CallerHash % (ulong)slots);
        _caller[slot] = request.CallerHash;
        _until[slot] = request.StartMs + ValidMs;
    }

    public bool Has(Request request)
    {
        int slot = (int)(request.CallerHash % (ulong)slots);
        return _caller[slot] == request.CallerHash && request.StartMs < _until[slot];
    }
}
