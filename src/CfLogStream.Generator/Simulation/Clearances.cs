namespace CfLogStream.Generator.Simulation;

/// <summary>Who solved a challenge lately and is let through for half an hour.</summary>
/// <remarks>A table of fixed size; two callers in one place take it from each other, which only asks one of them again.</remarks>
internal sealed class Clearances
{
    private const int Slots = 8192;
    private const long ValidMs = 1_800_000;

    private readonly ulong[] _caller = new ulong[Slots];
    private readonly long[] _until = new long[Slots];

    public void Grant(Request request)
    {
        int slot = (int)(request.CallerHash % Slots);
        _caller[slot] = request.CallerHash;
        _until[slot] = request.StartMs + ValidMs;
    }

    public bool Has(Request request)
    {
        int slot = (int)(request.CallerHash % Slots);
        return _caller[slot] == request.CallerHash && request.StartMs < _until[slot];
    }
}
