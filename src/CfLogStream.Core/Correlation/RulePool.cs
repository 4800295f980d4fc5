using System.Numerics;

namespace CfLogStream.Core.Correlation;

/// <summary>Rules (control, rule, action) that live rows and waiting events share.</summary>
internal sealed class RulePool
{
    private readonly ReferencePool<RuleKey> _rules = new();

    public RuleKey this[int rule] => _rules[rule];

    /// <summary>Returns the number of a rule with one more reference.</summary>
    public int Acquire(ReadOnlySpan<byte> control, ReadOnlySpan<byte> ruleId, ReadOnlySpan<byte> action)
    {
        ulong hash = SeededHash.Of(ruleId) + BitOperations.RotateLeft(SeededHash.Of(control), 21) + BitOperations.RotateLeft(SeededHash.Of(action), 42);
        for (IndexTable.Probe probe = _rules.Find(hash); probe.Next();)
        {
            if (_rules[probe.Item].Is(control, ruleId, action))
            {
                return AddReference(probe.Item);
            }
        }

        return _rules.Add(hash, new RuleKey(Utf8Text.Copy(control), Utf8Text.Copy(ruleId), Utf8Text.Copy(action)));
    }

    public int AddReference(int rule)
    {
        _rules.AddReference(rule);
        return rule;
    }

    public void Release(int rule) => _rules.Release(rule, out _);
}
