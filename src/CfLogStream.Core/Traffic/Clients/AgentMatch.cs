using System.Runtime.CompilerServices;

namespace CfLogStream.Core.Traffic.Clients;

/// <summary>What one pass over a user agent found: the best token of each level, the marks, and where names stand.</summary>
internal struct AgentMatch
{
    private const ushort NoRank = ushort.MaxValue;
    private Ranks _ranks;

    public AgentMarks Marks;

    /// <summary>Where a word ending in bot, crawler or spider stands; length 0 for none.</summary>
    public short BotWordStart;
    public short BotWordLength;

    /// <summary>Where what follows <c>compatible;</c> starts; 0 for none.</summary>
    public short CompatibleEnd;

    /// <summary>Returns the rank of the winning token of a level; false when no token of it matched.</summary>
    public readonly bool TryGetRank(MatchLevel level, out int rank)
    {
        rank = _ranks[(int)level];
        return rank != NoRank;
    }

    public readonly bool Has(AgentMarks marks) => (Marks & marks) != 0;

    internal static AgentMatch Empty()
    {
        var match = default(AgentMatch);
        ((Span<ushort>)match._ranks).Fill(NoRank);
        return match;
    }

    internal void Offer(MatchLevel level, ushort rank)
    {
        if (rank < _ranks[(int)level])
        {
            _ranks[(int)level] = rank;
        }
    }

    [InlineArray((int)MatchLevel.Count)]
    private struct Ranks
    {
        private ushort _first;
    }
}
