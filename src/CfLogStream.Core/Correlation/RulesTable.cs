using System.Runtime.InteropServices;

namespace CfLogStream.Core.Correlation;

/// <summary>The rows of <c>rules</c> of one hour and chunk, in the order of their first match.</summary>
/// <remarks>
/// Reference and description are the latest that were not empty; among equal times the greatest text, so disorder does not show.
/// </remarks>
internal sealed class RulesTable(CorrelatorContext context)
{
    private readonly IndexTable _index = new();
    private RulesAggregate[] _rows = new RulesAggregate[16];

    public int RowCount { get; private set; }

    public long BytesHeld => _index.BytesHeld + MemoryMarshal.AsBytes(_rows.AsSpan()).Length;

    /// <summary>Counts a match; <paramref name="zone"/> is the number of the zone's text.</summary>
    public void Count(int zone, in Match match, long time)
    {
        ref RulesAggregate row = ref RowOf(zone, match.Rule, time);
        row.Version = context.Version;
        row.Count++;
        row.FirstSeenNs = Math.Min(row.FirstSeenNs, time);
        row.LastSeenNs = Math.Max(row.LastSeenNs, time);
        Update(ref row.Reference, ref row.ReferenceNs, match.Reference, time);
        Update(ref row.Description, ref row.DescriptionNs, match.Description, time);
    }

    /// <summary>Writes the rows that changed since they were written last.</summary>
    public void Write(uint window, ulong chunk)
    {
        for (int i = 0; i < RowCount; i++)
        {
            ref RulesAggregate row = ref _rows[i];
            if (row.Written == row.Version)
            {
                continue;
            }

            row.Written = row.Version;
            RuleKey rule = context.Rules[row.Rule];
            context.Sink.Add(new RuleRow
            {
                Key = new RowKey(window, context.Partition, chunk, row.Version),
                Zone = context.Texts[row.Zone],
                Control = rule.Control,
                RuleId = rule.RuleId,
                Action = rule.Action,
                RuleRef = row.Reference < 0 ? default : context.Texts[row.Reference],
                Description = row.Description < 0 ? default : context.Texts[row.Description],
                Count = row.Count,
                FirstSeenNs = row.FirstSeenNs,
                LastSeenNs = row.LastSeenNs,
            });
        }
    }

    public void Clear()
    {
        for (int i = 0; i < RowCount; i++)
        {
            ref readonly RulesAggregate row = ref _rows[i];
            context.Texts.Release(row.Zone);
            context.Rules.Release(row.Rule);
            if (row.Reference >= 0)
            {
                context.Texts.Release(row.Reference);
            }

            if (row.Description >= 0)
            {
                context.Texts.Release(row.Description);
            }
        }

        _index.Clear();
        RowCount = 0;
    }

    private void Update(ref int text, ref long textNs, int newer, long time)
    {
        if (context.Texts[newer].Length == 0)
        {
            return;
        }

        bool replaces = text < 0 || time > textNs
            || (time == textNs && text != newer && context.Texts[newer].Span.SequenceCompareTo(context.Texts[text].Span) > 0);
        if (!replaces)
        {
            return;
        }

        textNs = time;
        if (text != newer)
        {
            context.Texts.AddReference(newer);
            if (text >= 0)
            {
                context.Texts.Release(text);
            }

            text = newer;
        }
    }

    private ref RulesAggregate RowOf(int zone, int rule, long time)
    {
        ulong hash = ((ulong)(uint)zone << 32) | (uint)rule;
        for (IndexTable.Probe probe = _index.Find(hash); probe.Next();)
        {
            ref RulesAggregate found = ref _rows[probe.Item];
            if (found.Zone == zone && found.Rule == rule)
            {
                return ref found;
            }
        }

        if (RowCount == _rows.Length)
        {
            Array.Resize(ref _rows, RowCount * 2);
        }

        _index.Add(hash, RowCount);
        ref RulesAggregate row = ref _rows[RowCount++];
        row = new RulesAggregate
        {
            Zone = context.Texts.AddReference(zone),
            Rule = context.Rules.AddReference(rule),
            Reference = -1,
            Description = -1,
            FirstSeenNs = time,
            LastSeenNs = time,
        };
        return ref row;
    }
}
