using CfLogStream.Generator.Simulation;

namespace CfLogStream.Generator.Ledger;

/// <summary>The truth of one minute: a row per endpoint, method and client that occurred.</summary>
internal sealed class MinuteTruth
{
    private readonly Dictionary<int, int> _index = [];
    private TruthRow[] _rows = new TruthRow[64];

    public int Count { get; private set; }

    public ReadOnlySpan<TruthRow> Rows => _rows.AsSpan(0, Count);

    public void Add(int key, Request request)
    {
        if (!_index.TryGetValue(key, out int at))
        {
            at = Count++;
            _index.Add(key, at);
            if (at == _rows.Length)
            {
                Array.Resize(ref _rows, at * 2);
            }

            _rows[at] = new TruthRow { Key = key };
        }

        ref TruthRow row = ref _rows[at];
        row.Requests++;
        row.Lost += request.Lost ? 1 : 0;
        row.AttackLost += request.Lost && request.Actor.Attack ? 1 : 0;
        row.Outcomes[(int)request.Outcome]++;
        row.Edge5xx += request.EdgeStatus >= 500 && request.OriginStatus == 0 ? 1 : 0;
        row.Origin5xx += request.OriginStatus >= 500 ? 1 : 0;
    }

    public void Clear()
    {
        _index.Clear();
        Count = 0;
    }

    /// <summary>Puts the rows in order of their keys, so that the ledger does not depend on who came first.</summary>
    public void Sort() => _rows.AsSpan(0, Count).Sort(static (left, right) => left.Key.CompareTo(right.Key));
}
