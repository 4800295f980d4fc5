namespace CfLogStream.Core.Traffic.Clients;

/// <summary>Builds the dense automaton of <see cref="UserAgentMatcher"/>: trie, suffix links, numbering.</summary>
internal sealed class AgentTrie
{
    private readonly int _width;
    private readonly List<int[]> _rows = [];
    private readonly List<List<ushort>> _ends = [];

    /// <param name="classes">The class of each byte, below <paramref name="width"/>; 0 leads nowhere.</param>
    /// <exception cref="ArgumentException">The tokens need more states than 16 bits number.</exception>
    public AgentTrie(AgentPattern[] patterns, byte[] classes, int width)
    {
        _width = width;
        AddState();
        for (int i = 0; i < patterns.Length; i++)
        {
            Insert(patterns[i].Text, checked((ushort)i), classes);
        }

        if (_rows.Count > ushort.MaxValue)
        {
            throw new ArgumentException($"The client tokens need {_rows.Count} states; at most {ushort.MaxValue} are possible. Use fewer or shorter tokens.");
        }

        Link();
        int[] numbers = Number(out int firstOutput);
        FirstOutput = firstOutput;
        Next = new ushort[_rows.Count * width];
        var outputs = new List<ushort>();
        var starts = new int[_rows.Count - firstOutput + 1];
        var byNumber = new int[_rows.Count];
        for (int state = 0; state < _rows.Count; state++)
        {
            byNumber[numbers[state]] = state;
        }

        for (int number = 0; number < _rows.Count; number++)
        {
            int state = byNumber[number];
            for (int column = 0; column < width; column++)
            {
                Next[(number * width) + column] = (ushort)numbers[_rows[state][column]];
            }

            if (number >= firstOutput)
            {
                starts[number - firstOutput] = outputs.Count;
                outputs.AddRange(_ends[state]);
            }
        }

        starts[^1] = outputs.Count;
        OutputStarts = starts;
        Outputs = [.. outputs];
    }

    /// <summary>State × class → state.</summary>
    public ushort[] Next { get; }

    /// <summary>The first state where a pattern ends; all later ones have one too.</summary>
    public int FirstOutput { get; }

    public int[] OutputStarts { get; }

    public ushort[] Outputs { get; }

    private int AddState()
    {
        int[] row = new int[_width];
        Array.Fill(row, -1);
        _rows.Add(row);
        _ends.Add([]);
        return _rows.Count - 1;
    }

    private void Insert(byte[] text, ushort pattern, byte[] classes)
    {
        int state = 0;
        foreach (byte b in text)
        {
            int column = classes[b];
            if (_rows[state][column] < 0)
            {
                _rows[state][column] = AddState();
            }

            state = _rows[state][column];
        }

        _ends[state].Add(pattern);
    }

    /// <summary>Breadth first: fills the missing transitions from the suffix link and inherits what ends there.</summary>
    private void Link()
    {
        var suffix = new int[_rows.Count];
        var queue = new Queue<int>();
        for (int column = 0; column < _width; column++)
        {
            if (_rows[0][column] > 0 && column != 0)
            {
                queue.Enqueue(_rows[0][column]);
            }
            else
            {
                _rows[0][column] = 0;
            }
        }

        while (queue.TryDequeue(out int state))
        {
            _ends[state].AddRange(_ends[suffix[state]]);
            for (int column = 0; column < _width; column++)
            {
                int target = _rows[state][column];
                int fallback = _rows[suffix[state]][column];
                if (target < 0 || column == 0)
                {
                    _rows[state][column] = column == 0 ? 0 : fallback;
                }
                else
                {
                    suffix[target] = fallback;
                    queue.Enqueue(target);
                }
            }
        }

        // States behind a byte that leads nowhere (a control byte in a token) were not reached: they have no transitions.
        foreach (int[] row in _rows)
        {
            for (int column = 0; column < _width; column++)
            {
                row[column] = Math.Max(row[column], 0);
            }
        }
    }

    private int[] Number(out int firstOutput)
    {
        var numbers = new int[_rows.Count];
        int number = 0;
        for (int state = 0; state < _rows.Count; state++)
        {
            if (_ends[state].Count == 0)
            {
                numbers[state] = number++;
            }
        }

        firstOutput = number;
        for (int state = 0; state < _rows.Count; state++)
        {
            if (_ends[state].Count > 0)
            {
                numbers[state] = number++;
            }
        }

        return numbers;
    }
}
