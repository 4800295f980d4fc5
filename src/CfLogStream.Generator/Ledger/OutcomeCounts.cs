using CfLogStream.Generator.Simulation;

namespace CfLogStream.Generator.Ledger;

/// <summary>Counts by outcome.</summary>
[System.Runtime.CompilerServices.InlineArray(Count)]
internal struct OutcomeCounts
{
    public const int Count = (int)TrueOutcome.Dropped + 1;

    private int _first;
}
