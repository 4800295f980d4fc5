using CfLogStream.Generator.Simulation;

namespace CfLogStream.Generator.Ledger;

/// <summary>What became of one actor's requests over the whole run.</summary>
internal sealed class ActorTruth(int callers)
{
    private readonly ulong[] _seen = new ulong[(callers / 64) + 1];
    private readonly ulong[] _lost = new ulong[(callers / 64) + 1];

    public long Requests { get; private set; }

    public long Lost { get; private set; }

    public long LostToIncident { get; private set; }

    public int Callers { get; private set; }

    public int CallersLost { get; private set; }

    public long[] Outcomes { get; } = new long[OutcomeCounts.Count];

    public void Add(Request request, bool incident)
    {
        Requests++;
        Outcomes[(int)request.Outcome]++;
        Callers += Mark(_seen, request.Caller);
        if (request.Lost)
        {
            Lost++;
            LostToIncident += incident ? 1 : 0;
            CallersLost += Mark(_lost, request.Caller);
        }
    }

    private static int Mark(ulong[] bits, int caller)
    {
        ulong bit = 1UL << (caller & 63);
        if ((bits[caller >> 6] & bit) != 0)
        {
            return 0;
        }

        bits[caller >> 6] |= bit;
        return 1;
    }
}
