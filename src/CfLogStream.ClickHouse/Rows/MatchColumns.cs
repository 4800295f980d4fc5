using CfLogStream.ClickHouse.Native;
using CfLogStream.Core.Correlation;

namespace CfLogStream.ClickHouse.Rows;

/// <summary>The matched rules of a request as arrays side by side.</summary>
internal readonly struct MatchColumns
{
    public MatchColumns(
        Func<string, ArrayColumn<DictionaryColumn>, ArrayColumn<DictionaryColumn>> declareWords,
        Func<string, ArrayColumn<TextColumn>, ArrayColumn<TextColumn>> declareTexts,
        Func<string, ArrayColumn<FixedColumn>, ArrayColumn<FixedColumn>> declareNumbers)
    {
        Control = declareWords("match_control", new ArrayColumn<DictionaryColumn>(new DictionaryColumn()));
        Action = declareWords("match_action", new ArrayColumn<DictionaryColumn>(new DictionaryColumn()));
        RuleId = declareWords("match_rule_id", new ArrayColumn<DictionaryColumn>(new DictionaryColumn()));
        RuleRef = declareTexts("match_rule_ref", new ArrayColumn<TextColumn>(new TextColumn()));
        Description = declareTexts("match_description", new ArrayColumn<TextColumn>(new TextColumn()));
        Index = declareNumbers("match_index", new ArrayColumn<FixedColumn>(FixedColumn.Int32()));
        OriginatorRay = declareTexts("match_originator_ray", new ArrayColumn<TextColumn>(new TextColumn()));
    }

    private ArrayColumn<DictionaryColumn> Control { get; }

    private ArrayColumn<DictionaryColumn> Action { get; }

    private ArrayColumn<DictionaryColumn> RuleId { get; }

    private ArrayColumn<TextColumn> RuleRef { get; }

    private ArrayColumn<TextColumn> Description { get; }

    private ArrayColumn<FixedColumn> Index { get; }

    private ArrayColumn<TextColumn> OriginatorRay { get; }

    public void Add(ReadOnlySpan<MatchedRule> matches)
    {
        foreach (ref readonly MatchedRule match in matches)
        {
            Control.Elements.Add(match.Control.Span);
            Action.Elements.Add(match.Action.Span);
            RuleId.Elements.Add(match.RuleId.Span);
            RuleRef.Elements.Add(match.RuleRef.Span);
            Description.Elements.Add(match.Description.Span);
            Index.Elements.Add(match.MatchIndex);
            OriginatorRay.Elements.Add(match.OriginatorRay.Span);
        }

        Control.EndRow();
        Action.EndRow();
        RuleId.EndRow();
        RuleRef.EndRow();
        Description.EndRow();
        Index.EndRow();
        OriginatorRay.EndRow();
    }
}
