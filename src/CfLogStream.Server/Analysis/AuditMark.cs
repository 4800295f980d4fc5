using CfLogStream.Core.Logpush;

namespace CfLogStream.Server.Analysis;

/// <summary>What is remembered of an audit record: enough to count it once.</summary>
/// <param name="IdHash">Hash of its id; of the whole line when it has none.</param>
internal readonly record struct AuditMark(long TimeNs, Dataset Dataset, ulong IdHash) : IComparable<AuditMark>
{
    public int CompareTo(AuditMark other)
    {
        int order = TimeNs.CompareTo(other.TimeNs);
        if (order != 0)
        {
            return order;
        }

        order = Dataset.CompareTo(other.Dataset);
        return order != 0 ? order : IdHash.CompareTo(other.IdHash);
    }
}
