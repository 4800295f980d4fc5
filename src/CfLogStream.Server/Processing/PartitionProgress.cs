using CfLogStream.Core.Correlation;

namespace CfLogStream.Server.Processing;

/// <summary>How far a partition of the log is written: its row of <c>progress</c>.</summary>
public sealed record PartitionProgress
{
    /// <summary>The generation of the settings that its rows were written under.</summary>
    public required uint Generation { get; init; }

    /// <summary>Where a restarted correlator continues; its offsets are those of records.</summary>
    public required CorrelatorResume Resume { get; init; }

    /// <summary>The offset of the message after the last one of which everything is written.</summary>
    public required long NextMessage { get; init; }

    /// <summary>Offsets of messages that the log had no more, as ranges from the first to the one after the last.</summary>
    public IReadOnlyList<(long From, long To)> Gaps { get; init; } = [];

    /// <summary>The greatest position of every streaming source, as it was at <see cref="ReadFromMessage"/>.</summary>
    public IReadOnlyList<SourcePosition> Positions { get; init; } = [];

    /// <summary>Whether a reset has moved the partition back and its rows from there on are still to be deleted.</summary>
    public bool IsResetPending { get; init; }

    /// <summary>The offset of the message to begin reading at.</summary>
    public long ReadFromMessage => Resume.ReadFrom / RecordOffsets.PerMessage;
}
