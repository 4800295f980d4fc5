using System.Runtime.CompilerServices;

namespace CfLogStream.Core.Correlation;

/// <summary>The counters of one row of <c>mitigations_1m</c>.</summary>
internal struct MitigationsAggregate
{
    public int Endpoint;
    public int Client;
    public int Rule;
    public int ExampleCount;
    public ulong Version;
    public ulong Written;
    public CallerSet Callers;
    public uint Count;
    public uint Lost;
    public long FirstSeenNs;
    public long LastSeenNs;
    public ScoreCounts BotScores;
    public ScoreCounts WafScores;
    public ExampleRays Examples;

    [InlineArray(5)]
    internal struct ScoreCounts
    {
        private uint _first;
    }

    /// <summary>Those with the smallest hashes, ascending.</summary>
    [InlineArray(3)]
    internal struct ExampleRays
    {
        private RayReference _first;
    }
}
