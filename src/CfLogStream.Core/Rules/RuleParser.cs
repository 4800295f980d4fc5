namespace CfLogStream.Core.Rules;

/// <summary>Builds the tree of an expression by recursive descent. A null result means that the scanner holds the error.</summary>
internal sealed class RuleParser
{
    private static readonly (LogicalOperator Operator, string Word, string Sign)[] s_logical =
        [(LogicalOperator.Or, "or", "||"), (LogicalOperator.Xor, "xor", "^^"), (LogicalOperator.And, "and", "&&")];

    // A longer operator stands before the one that is its beginning.
    private static readonly (string Word, ComparisonOperator Operator)[] s_comparisons =
    [
        ("eq", ComparisonOperator.Equal), ("==", ComparisonOperator.Equal),
        ("ne", ComparisonOperator.NotEqual), ("!=", ComparisonOperator.NotEqual),
        ("ge", ComparisonOperator.GreaterOrEqual), (">=", ComparisonOperator.GreaterOrEqual),
        ("le", ComparisonOperator.LessOrEqual), ("<=", ComparisonOperator.LessOrEqual),
        ("gt", ComparisonOperator.Greater), (">", ComparisonOperator.Greater),
        ("lt", ComparisonOperator.Less), ("<", ComparisonOperator.Less),
        ("in", ComparisonOperator.In),
        ("bitwise_and", ComparisonOperator.BitwiseAnd), ("&", ComparisonOperator.BitwiseAnd),
        ("contains", ComparisonOperator.Contains),
        ("matches", ComparisonOperator.Matches), ("~", ComparisonOperator.Matches),
        ("wildcard", ComparisonOperator.Wildcard), ("strict wildcard", ComparisonOperator.StrictWildcard),
    ];

    private readonly RuleScanner _scanner;

    public RuleParser(RuleScanner scanner)
    {
        _scanner = scanner;
    }

    /// <summary>Reads the whole text.</summary>
    public RuleNode? ParseAll()
    {
        if (_scanner.AtEnd)
        {
            return _scanner.Fail<RuleNode>(_scanner.Position, "it is empty.");
        }

        RuleNode? root = ParseLogical(level: 0, depth: 0, insideCall: false);
        if (root is null)
        {
            return null;
        }

        _scanner.SkipBlanks();
        return _scanner.AtEnd
            ? root
            : _scanner.Fail<RuleNode>(_scanner.Position, "expected 'and', 'or', 'xor' or the end.");
    }

    /// <param name="level">The loosest operator that may be read; past the last one a simple expression.</param>
    /// <param name="insideCall">Whether <c>[*]</c> may be used.</param>
    private RuleNode? ParseLogical(int level, int depth, bool insideCall)
    {
        if (level == s_logical.Length)
        {
            return ParseSimple(depth, insideCall);
        }

        RuleNode? first = ParseLogical(level + 1, depth, insideCall);
        List<RuleNode>? operands = null;
        while (first is not null)
        {
            _scanner.SkipBlanks();
            if (!_scanner.TryRead(s_logical[level].Word) && !_scanner.TryRead(s_logical[level].Sign))
            {
                break;
            }

            if (ParseLogical(level + 1, depth, insideCall) is not { } next)
            {
                return null;
            }

            (operands ??= [first]).Add(next);
        }

        return operands is null ? first : new LogicalNode(first!.Position, s_logical[level].Operator, operands);
    }

    private RuleNode? ParseSimple(int depth, bool insideCall)
    {
        _scanner.SkipBlanks();
        int start = _scanner.Position;
        if (depth >= RuleExpression.MaxDepth)
        {
            return _scanner.Fail<RuleNode>(start, $"it is nested deeper than {RuleExpression.MaxDepth} levels.");
        }

        if (_scanner.TryRead("("))
        {
            RuleNode? inner = ParseLogical(0, depth + 1, insideCall);
            _scanner.SkipBlanks();
            return inner is null || _scanner.TryRead(")") ? inner : _scanner.Fail<RuleNode>(_scanner.Position, "expected ')'.");
        }

        if (_scanner.TryRead("not") || _scanner.TryRead("!"))
        {
            return ParseSimple(depth + 1, insideCall) is { } operand ? new NotNode(start, operand) : null;
        }

        return ParseComparison(depth, insideCall);
    }

    private RuleNode? ParseComparison(int depth, bool insideCall)
    {
        if (ParseValue(depth, insideCall) is not { } value)
        {
            return null;
        }

        _scanner.SkipBlanks();
        if (ReadComparison() is not { } comparison)
        {
            return value;
        }

        _scanner.SkipBlanks();
        return ParseLiteral(comparison) is { } literal ? new ComparisonNode(value.Position, value, comparison, literal) : null;
    }

    private ComparisonOperator? ReadComparison()
    {
        if (_scanner.Starts("&&"))
        {
            return null;
        }

        foreach ((string word, ComparisonOperator comparison) in s_comparisons)
        {
            if (_scanner.TryRead(word))
            {
                return comparison;
            }
        }

        return null;
    }

    private LiteralNode? ParseLiteral(ComparisonOperator comparison)
    {
        int start = _scanner.Position;
        switch (comparison)
        {
            case ComparisonOperator.In:
                return ParseSet();
            case ComparisonOperator.Matches:
                return _scanner.ReadRegex();
            case ComparisonOperator.Wildcard or ComparisonOperator.StrictWildcard:
                return _scanner.ReadString() is not { } pattern
                    ? null
                    : WildcardPattern.Problem(pattern.Value) is { } problem ? _scanner.Fail<LiteralNode>(start, problem) : pattern;
            case ComparisonOperator.BitwiseAnd:
                return _scanner.ReadBare() is { Kind: BareKind.Integer } mask
                    ? mask
                    : _scanner.Fail<LiteralNode>(start, "expected a whole number.");
            default:
                return _scanner.AtString ? _scanner.ReadString() : _scanner.ReadBare();
        }
    }

    private LiteralNode? ParseSet()
    {
        int start = _scanner.Position;
        if (_scanner.TryRead("$"))
        {
            string? name = _scanner.ReadIdentifier();
            return name is not null && !name.Any(char.IsAsciiLetterUpper)
                ? new ListLiteral(start, name)
                : _scanner.Fail<LiteralNode>(start, "expected the name of a list: lower-case letters, digits, underscores and dots.");
        }

        if (!_scanner.TryRead("{"))
        {
            return _scanner.Fail<LiteralNode>(start, "expected a set in braces or the name of a list after 'in'.");
        }

        var items = new List<LiteralNode>();
        while (true)
        {
            _scanner.SkipBlanks();
            if (_scanner.TryRead("}"))
            {
                return new SetLiteral(start, items);
            }

            if (_scanner.AtEnd)
            {
                return _scanner.Fail<LiteralNode>(_scanner.Position, "the set has no closing brace.");
            }

            if (_scanner.Next == ',')
            {
                return _scanner.Fail<LiteralNode>(_scanner.Position, "the items of a set are separated by blanks, not commas.");
            }

            LiteralNode? item = _scanner.AtString ? _scanner.ReadString() : _scanner.ReadBare();
            if (item is null)
            {
                return null;
            }

            items.Add(item);
        }
    }

    private ValueNode? ParseValue(int depth, bool insideCall)
    {
        int start = _scanner.Position;
        if (_scanner.ReadIdentifier() is not { } name)
        {
            return _scanner.Fail<ValueNode>(start, "expected a field, a function, 'not' or '('.");
        }

        _scanner.SkipBlanks();
        IReadOnlyList<RuleNode>? arguments = null;
        if (_scanner.TryRead("(") && (arguments = ParseArguments(depth + 1)) is null)
        {
            return null;
        }

        if (ParseIndexes(insideCall) is not { } indexes)
        {
            return null;
        }

        return arguments is null ? new FieldNode(start, name, indexes) : new CallNode(start, name, arguments, indexes);
    }

    private List<RuleNode>? ParseArguments(int depth)
    {
        if (depth >= RuleExpression.MaxDepth)
        {
            return _scanner.Fail<List<RuleNode>>(_scanner.Position, $"it is nested deeper than {RuleExpression.MaxDepth} levels.");
        }

        var arguments = new List<RuleNode>();
        _scanner.SkipBlanks();
        if (_scanner.TryRead(")"))
        {
            return arguments;
        }

        while (true)
        {
            _scanner.SkipBlanks();
            if (ParseArgument(depth, isFirst: arguments.Count == 0) is not { } argument)
            {
                return null;
            }

            arguments.Add(argument);
            _scanner.SkipBlanks();
            if (_scanner.TryRead(")"))
            {
                return arguments;
            }

            if (!_scanner.TryRead(","))
            {
                return _scanner.Fail<List<RuleNode>>(_scanner.Position, "expected ',' or ')'.");
            }
        }
    }

    private RuleNode? ParseArgument(int depth, bool isFirst)
    {
        if (_scanner.AtString)
        {
            return _scanner.ReadString();
        }

        if (_scanner.Next is '-' or ':' || char.IsAsciiDigit(_scanner.Next))
        {
            return _scanner.ReadBare();
        }

        bool isLogical = _scanner.Next is '(' or '!' || _scanner.Starts("not") || _scanner.Starts("any(") || _scanner.Starts("all(");
        return isLogical ? ParseLogical(0, depth, isFirst) : ParseComparison(depth, isFirst);
    }

    private List<RuleIndex>? ParseIndexes(bool insideCall)
    {
        var indexes = new List<RuleIndex>();
        while (_scanner.Next == '[')
        {
            int start = _scanner.Position;
            _scanner.TryRead("[");
            if (_scanner.TryRead("*"))
            {
                if (!insideCall)
                {
                    return _scanner.Fail<List<RuleIndex>>(start, "'[*]' is allowed only in the first argument of a function.");
                }

                indexes.Add(default);
            }
            else if (_scanner.Next == '"')
            {
                if (_scanner.ReadString() is not { } key)
                {
                    return null;
                }

                indexes.Add(new RuleIndex(key.Text, null));
            }
            else if (_scanner.ReadIdentifier() is { } digits && BareForm.TryInteger(digits, out long number) && number is >= 0 and <= uint.MaxValue)
            {
                indexes.Add(new RuleIndex(null, (uint)number));
            }
            else
            {
                return _scanner.Fail<List<RuleIndex>>(start, "expected a number, a quoted key or '*' as an index.");
            }

            if (!_scanner.TryRead("]"))
            {
                return _scanner.Fail<List<RuleIndex>>(_scanner.Position, "expected ']'.");
            }
        }

        return indexes;
    }
}
