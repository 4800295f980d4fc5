using CfLogStream.Core.Logpush;

namespace CfLogStream.Kafka.Slices.Schemas;

/// <summary>A step through a record in a slice: one field of its writer's schema.</summary>
/// <param name="Schema">The field's type.</param>
/// <param name="Branches">For a value, the kinds of its union's branches, four bits each from the lowest on.</param>
/// <param name="BranchCount">The number of these branches.</param>
internal readonly record struct RecordStep(RecordOp Op, LogField Field, uint Branches, byte BranchCount, AvroSchema Schema)
{
    public const int BranchBits = 4;

    /// <summary>The kind of a branch that there is.</summary>
    public ValueKind KindOf(int branch) => (ValueKind)((Branches >> (branch * BranchBits)) & ((1 << BranchBits) - 1));
}
