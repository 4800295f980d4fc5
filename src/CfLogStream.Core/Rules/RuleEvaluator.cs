using System.Collections.Frozen;

namespace CfLogStream.Core.Rules;

/// <summary>Says whether an expression is true of a request, as far as its fields are known.</summary>
/// <remarks>
/// Three-valued, after Kleene: what depends on an unknown field is unknown (null) unless the rest decides it. A value that is known to be
/// missing makes every comparison false, <c>ne</c> too, as Cloudflare documents it. An expression whose types do not fit, which Cloudflare
/// refuses, is unknown. Literals are prepared once; evaluating allocates little and takes time linear in the values, regular expressions
/// included: those that could take longer, or could mean something else here than at Cloudflare, are unknown.
/// </remarks>
public sealed class RuleEvaluator
{
    // A tree of the parser has up to three levels of operators per level of nesting.
    private const int MaxDepth = 4 * RuleExpression.MaxDepth;

    private readonly RuleNode _root;
    private readonly FrozenDictionary<ComparisonNode, Func<RuleValue, bool?>> _tests;

    /// <exception cref="ArgumentException">The tree is deeper than any that the parser gives.</exception>
    public RuleEvaluator(RuleNode root)
    {
        ArgumentNullException.ThrowIfNull(root);
        var comparisons = new List<ComparisonNode>();
        Collect(root, comparisons, 0);
        _root = root;
        _tests = comparisons.Distinct<ComparisonNode>(ReferenceEqualityComparer.Instance).ToFrozenDictionary<ComparisonNode, ComparisonNode, Func<RuleValue, bool?>>(
            static node => node, RuleComparison.Test, ReferenceEqualityComparer.Instance);
    }

    /// <summary>Returns whether the expression is true; null when what is known does not decide it.</summary>
    public bool? Evaluate(IRuleFields fields)
    {
        ArgumentNullException.ThrowIfNull(fields);
        return Truth(Value(_root, fields));
    }

    private static void Collect(RuleNode node, List<ComparisonNode> comparisons, int depth)
    {
        if (depth > MaxDepth)
        {
            throw new ArgumentException($"The expression is nested deeper than {MaxDepth} levels.", nameof(node));
        }

        if (node is ComparisonNode comparison)
        {
            comparisons.Add(comparison);
        }

        foreach (RuleNode child in node.Children)
        {
            Collect(child, comparisons, depth + 1);
        }
    }

    private RuleValue? Value(RuleNode node, IRuleFields fields) => node switch
    {
        LogicalNode logical => Logical(logical, fields),
        NotNode not => Not(Value(not.Operand, fields)),
        ComparisonNode comparison => Compared(_tests[comparison], Value(comparison.Value, fields)),
        FieldNode { Name: "true", Indexes: [] } => RuleValue.Of(true),
        FieldNode field => Indexed(fields.Find(field.Name), field.Indexes),
        CallNode call => Indexed(RuleFunctions.Call(call.Name, [.. call.Arguments.Select(argument => Value(argument, fields))]), call.Indexes),
        StringLiteral text => new TextValue(text.Value),
        BareLiteral { Kind: BareKind.Integer } number when BareForm.TryInteger(number.Text, out long value) => new NumberValue(value),
        _ => null,
    };

    private RuleValue? Logical(LogicalNode node, IRuleFields fields)
    {
        RuleValue? result = Value(node.Operands[0], fields);
        for (int i = 1; i < node.Operands.Count; i++)
        {
            // What decides alone needs no look at the rest.
            if (result is FlagValue { Flag: var flag } && node.Operator switch { LogicalOperator.And => !flag, LogicalOperator.Or => flag, _ => false })
            {
                return result;
            }

            result = Join(node.Operator, result, Value(node.Operands[i], fields));
        }

        return result;
    }

    // Arrays are joined element by element, to the end of the shorter.
    private static RuleValue? Join(LogicalOperator join, RuleValue? left, RuleValue? right) => (left, right) switch
    {
        (ListValue first, ListValue second) => new ListValue([.. first.Items.Zip(second.Items, (a, b) => Flag(Join(join, Truth(a), Truth(b))))]),
        (ListValue, _) or (_, ListValue) => null,
        _ => Flag(Join(join, Truth(left), Truth(right))),
    };

    private static bool? Join(LogicalOperator join, bool? left, bool? right) => join switch
    {
        LogicalOperator.And => left & right,
        LogicalOperator.Or => left | right,
        _ => left ^ right,
    };

    private static RuleValue? Not(RuleValue? value) =>
        value is ListValue list ? new ListValue([.. list.Items.Select(static item => Flag(!Truth(item)))]) : Flag(!Truth(value));

    private static RuleValue? Compared(Func<RuleValue, bool?> test, RuleValue? value) => value switch
    {
        null => null,
        ListValue { IsUnpacked: true } list => new ListValue([.. list.Items.Select(item => Compared(test, item))]),
        _ when value == RuleValue.Missing => RuleValue.Of(false),
        _ => Flag(test(value)),
    };

    private static RuleValue? Indexed(RuleValue? value, IReadOnlyList<RuleIndex> indexes)
    {
        foreach (RuleIndex index in indexes)
        {
            value = (value, index) switch
            {
                (ListValue list, { IsEach: true }) => list with { IsUnpacked = true },
                (ListValue { IsUnpacked: false } list, { Number: uint number }) => number < list.Items.Count ? list.Items[(int)number] : RuleValue.Missing,
                _ => value == RuleValue.Missing ? value : null,
            };
        }

        return value;
    }

    private static bool? Truth(RuleValue? value) => value switch
    {
        FlagValue flag => flag.Flag,
        { } missing when missing == RuleValue.Missing => false,
        _ => null,
    };

    private static RuleValue? Flag(bool? value) => value is { } known ? RuleValue.Of(known) : null;
}
