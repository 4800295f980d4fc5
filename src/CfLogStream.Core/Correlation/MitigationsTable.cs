using System.Runtime.InteropServices;
using CfLogStream.Core.Traffic;

namespace CfLogStream.Core.Correlation;

/// <summary>The rows of <c>mitigations_1m</c> of one window and chunk, in the order of their first match.</summary>
/// <remarks>
/// About 230 bytes per row plus its callers beyond the first. Example texts are made when a row is written, not per record.
/// </remarks>
internal sealed class MitigationsTable(CorrelatorContext context)
{
    private const int MostExamples = 3;

    private readonly IndexTable _index = new();
    private readonly ulong[] _botScores = new ulong[5];
    private readonly ulong[] _wafScores = new ulong[5];
    private readonly Utf8Text[] _examples = new Utf8Text[MostExamples];
    private MitigationsAggregate[] _rows = new MitigationsAggregate[16];

    public int RowCount { get; private set; }

    public long BytesHeld => _index.BytesHeld + MemoryMarshal.AsBytes(_rows.AsSpan()).Length;

    /// <summary>
    /// Counts one match of a request that stands in the row of <paramref name="endpoint"/> and <paramref name="client"/>.
    /// </summary>
    public void Count(int endpoint, int client, in Match match, bool lost, in ResolvedRequest request)
    {
        ref readonly TrafficHead head = ref request.Record.Head;
        long time = Watermark.Clamp(head.TimeNs);
        ref MitigationsAggregate row = ref RowOf(endpoint, client, match.Rule, time);
        row.Version = context.Version;
        row.Count++;
        row.Lost += lost ? 1U : 0;
        row.FirstSeenNs = Math.Min(row.FirstSeenNs, time);
        row.LastSeenNs = Math.Max(row.LastSeenNs, time);
        row.BotScores[BotBucket(head.BotScore)]++;
        row.WafScores[WafBucket(head.WafScore)]++;
        context.Callers.Add(ref row.Callers, head.CallerHash, context.Options.CallersPerRow);
        AddExample(ref row, request.Record);
    }

    /// <summary>Writes the rows that changed since they were written last.</summary>
    public void Write(uint window, ulong chunk)
    {
        for (int i = 0; i < RowCount; i++)
        {
            ref MitigationsAggregate row = ref _rows[i];
            if (row.Written != row.Version)
            {
                row.Written = row.Version;
                Write(window, chunk, in row);
            }
        }
    }

    public void Clear()
    {
        for (int i = 0; i < RowCount; i++)
        {
            ref MitigationsAggregate row = ref _rows[i];
            context.Endpoints.Release(row.Endpoint);
            context.Clients.Release(row.Client);
            context.Rules.Release(row.Rule);
            context.Callers.Release(ref row.Callers);
            for (int k = 0; k < row.ExampleCount; k++)
            {
                ReleaseExample(row.Examples[k]);
            }
        }

        _index.Clear();
        RowCount = 0;
    }

    private static int BotBucket(byte score) => score switch
    {
        0 => 0,
        1 => 1,
        < 30 => 2,
        < 60 => 3,
        _ => 4,
    };

    private static int WafBucket(byte score) => score switch
    {
        0 => 0,
        <= 20 => 1,
        <= 50 => 2,
        <= 80 => 3,
        _ => 4,
    };

    private static ulong HashOf(int endpoint, int client, int rule) =>
        (((ulong)(uint)endpoint << 32) | (uint)client) ^ ((ulong)(uint)rule * 0x9E3779B97F4A7C15);

    private ref MitigationsAggregate RowOf(int endpoint, int client, int rule, long time)
    {
        ulong hash = HashOf(endpoint, client, rule);
        for (IndexTable.Probe probe = _index.Find(hash); probe.Next();)
        {
            ref MitigationsAggregate found = ref _rows[probe.Item];
            if (found.Endpoint == endpoint && found.Client == client && found.Rule == rule)
            {
                return ref found;
            }
        }

        if (RowCount == _rows.Length)
        {
            Array.Resize(ref _rows, RowCount * 2);
        }

        _index.Add(hash, RowCount);
        ref MitigationsAggregate row = ref _rows[RowCount++];
        row = new MitigationsAggregate
        {
            Endpoint = context.Endpoints.AddReference(endpoint),
            Client = context.Clients.AddReference(client),
            Rule = context.Rules.AddReference(rule),
            FirstSeenNs = time,
            LastSeenNs = time,
        };
        return ref row;
    }

    /// <summary>Keeps the rays with the smallest hashes, each once.</summary>
    private void AddExample(ref MitigationsAggregate row, in TrafficRecord record)
    {
        ulong ray = record.Head.Ray;
        ulong hash = StableHash.Of(ray);
        int at = 0;
        while (at < row.ExampleCount && row.Examples[at].Hash < hash)
        {
            at++;
        }

        if (at == MostExamples)
        {
            return;
        }

        bool isHex = (record.Head.Flags & RecordFlags.HexRay) != 0;
        for (int i = at; i < row.ExampleCount && row.Examples[i].Hash == hash; i++)
        {
            int text = row.Examples[i].Text;
            if (isHex ? text < 0 : text >= 0 && context.Texts[text].Span.SequenceEqual(record[RecordText.Ray]))
            {
                return;
            }
        }

        if (row.ExampleCount == MostExamples)
        {
            ReleaseExample(row.Examples[MostExamples - 1]);
        }
        else
        {
            row.ExampleCount++;
        }

        for (int i = row.ExampleCount - 1; i > at; i--)
        {
            row.Examples[i] = row.Examples[i - 1];
        }

        row.Examples[at] = new RayReference { Hash = hash, Ray = ray, Text = isHex ? -1 : context.Texts.Acquire(record[RecordText.Ray]) };
    }

    private void ReleaseExample(in RayReference example)
    {
        if (example.Text >= 0)
        {
            context.Texts.Release(example.Text);
        }
    }

    private void Write(uint window, ulong chunk, in MitigationsAggregate row)
    {
        for (int i = 0; i < _botScores.Length; i++)
        {
            _botScores[i] = row.BotScores[i];
            _wafScores[i] = row.WafScores[i];
        }

        for (int i = 0; i < row.ExampleCount; i++)
        {
            _examples[i] = row.Examples[i].Text < 0 ? RayKey.Format(row.Examples[i].Ray) : context.Texts[row.Examples[i].Text];
        }

        RuleKey rule = context.Rules[row.Rule];
        context.Sink.Add(new MitigationsRow
        {
            Key = new RowKey(window, context.Partition, chunk, row.Version),
            Endpoint = context.Endpoints[row.Endpoint].Key,
            Client = context.Clients[row.Client],
            Control = rule.Control,
            RuleId = rule.RuleId,
            Action = rule.Action,
            Count = row.Count,
            Lost = row.Lost,
            FirstSeenNs = row.FirstSeenNs,
            LastSeenNs = row.LastSeenNs,
            BotScores = _botScores,
            WafScores = _wafScores,
            Callers = context.Callers.Sorted(row.Callers),
            ExampleRays = _examples.AsMemory(0, row.ExampleCount),
        });
    }
}
