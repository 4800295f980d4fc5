using System.Diagnostics;

namespace CfLogStream.Core.Traffic.Clients;

/// <summary>Finds all client tokens and marks of a user agent in one pass (Aho-Corasick).</summary>
/// <remarks>
/// Layout: a dense table of <c>ushort</c> states, one row per state, one column per class of bytes (upper and lower case share one;
/// bytes
/// that no pattern has, and control bytes, share class 0). Suffix links are folded into the table, so each byte costs one load from a
/// row
/// that is mostly one of the few hot ones near the root. States are numbered so that those where something ends come last: a single
/// compare per byte tells whether there is anything to look at. About 3,600 states of 64 columns, 460 kB, built once in a few
/// milliseconds, immutable and shared by all threads.
/// At most <see cref="MaxBytes"/> bytes are looked at. A token counts on a word boundary only: the byte before it is no ASCII letter or
/// digit (when it begins with one itself). Inside a level the rank decides: the user's tokens first, then longer ones, then file order.
/// </remarks>
internal sealed class UserAgentMatcher
{
    /// <summary>The bytes of a user agent that are looked at.</summary>
    public const int MaxBytes = 512;

    private static readonly (string Text, AgentMarks Mark)[] s_marks =
    [
        ("AppleWebKit/", AgentMarks.WebKit), ("Gecko/", AgentMarks.Gecko), ("Trident/", AgentMarks.Trident), ("MSIE ", AgentMarks.Trident),
        ("Chrome/", AgentMarks.Chrome), ("Chromium/", AgentMarks.Chrome), ("CriOS/", AgentMarks.Chrome), ("Safari/", AgentMarks.Safari),
        ("Firefox/", AgentMarks.Firefox), ("FxiOS/", AgentMarks.Firefox), ("Edg/", AgentMarks.Edge), ("Edge/", AgentMarks.Edge),
        ("EdgA/", AgentMarks.Edge), ("EdgiOS/", AgentMarks.Edge), ("OPR/", AgentMarks.Opera), ("Opera", AgentMarks.Opera),
        ("OPiOS/", AgentMarks.Opera), ("OPT/", AgentMarks.Opera), ("SamsungBrowser/", AgentMarks.Samsung), ("YaBrowser/", AgentMarks.Yandex),
        ("UCBrowser/", AgentMarks.Uc), ("Vivaldi/", AgentMarks.Vivaldi), ("DuckDuckGo/", AgentMarks.DuckDuckGo), ("Ddg/", AgentMarks.DuckDuckGo),
        ("GSA/", AgentMarks.GoogleApp), ("Electron/", AgentMarks.Electron), ("Version/", AgentMarks.Version), ("Mobile/", AgentMarks.AppleMobile),
        ("Android", AgentMarks.Android), ("iPhone", AgentMarks.Ios), ("iPad", AgentMarks.Ios), ("iPod", AgentMarks.Ios), ("iOS/", AgentMarks.Ios),
        ("iOS ", AgentMarks.Ios), ("iOS;", AgentMarks.Ios), ("iOS)", AgentMarks.Ios), ("http://", AgentMarks.Contact),
        ("https://", AgentMarks.Contact), ("compatible;", AgentMarks.Compatible), ("bot", AgentMarks.BotWord), ("crawler", AgentMarks.BotWord),
        ("spider", AgentMarks.BotWord),
    ];

    private readonly ClientDefinition[] _byRank;
    private readonly AgentPattern[] _patterns;
    private readonly byte[] _classes = new byte[256];
    private readonly int _shift;
    private readonly ushort[] _next;
    private readonly int _firstOutput;

    // Of state s: _outputs[_outputStarts[s - _firstOutput] .. _outputStarts[s - _firstOutput + 1]] are indexes of _patterns.
    private readonly int[] _outputStarts;
    private readonly ushort[] _outputs;

    public UserAgentMatcher(IReadOnlyList<ClientDefinition> definitions)
    {
        _byRank =
        [
            .. definitions.Select((definition, order) => (definition, order))
                .OrderBy(item => item.definition.FromUser ? 0 : 1)
                .ThenByDescending(item => item.definition.Token.Length)
                .ThenBy(item => item.order)
                .Select(item => item.definition),
        ];
        _patterns =
        [
            .. _byRank.Select((definition, rank) => AgentPattern.OfToken(definition, checked((ushort)rank))),
            .. s_marks.Select(mark => AgentPattern.OfMark(mark.Text, mark.Mark)),
        ];
        int classes = AssignClasses();
        _shift = System.Numerics.BitOperations.Log2((uint)classes - 1) + 1;
        var trie = new AgentTrie(_patterns, _classes, 1 << _shift);
        _next = trie.Next;
        _firstOutput = trie.FirstOutput;
        _outputStarts = trie.OutputStarts;
        _outputs = trie.Outputs;
    }

    /// <summary>The token that has a rank.</summary>
    public ClientDefinition this[int rank] => _byRank[rank];

    /// <summary>Looks at a user agent.</summary>
    public AgentMatch Match(ReadOnlySpan<byte> userAgent)
    {
        userAgent = Trim(userAgent);
        ReadOnlySpan<byte> text = userAgent.Length > MaxBytes ? userAgent[..MaxBytes] : userAgent;
        AgentMatch match = AgentMatch.Empty();
        if (StartsWithIgnoreCase(text, "mozilla/"u8) || StartsWithIgnoreCase(text, "opera/"u8))
        {
            match.Marks = AgentMarks.MozillaStart;
        }

        ushort[] next = _next;
        byte[] classes = _classes;
        int state = 0;
        for (int i = 0; i < text.Length; i++)
        {
            state = next[(state << _shift) + classes[text[i]]];
            if (state >= _firstOutput)
            {
                Report(ref match, text, i + 1, userAgent.Length, state - _firstOutput);
            }
        }

        return match;
    }

    internal static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> text)
    {
        int start = 0;
        int end = text.Length;
        while (start < end && text[start] is <= 0x20 or 0x7F)
        {
            start++;
        }

        while (end > start && text[end - 1] is <= 0x20 or 0x7F)
        {
            end--;
        }

        return text[start..end];
    }

    private static bool StartsWithIgnoreCase(ReadOnlySpan<byte> text, ReadOnlySpan<byte> lower) =>
        text.Length >= lower.Length && System.Text.Ascii.EqualsIgnoreCase(text[..lower.Length], lower);

    private static bool IsWordByte(byte value) => char.IsAsciiLetterOrDigit((char)value);

    private void Report(ref AgentMatch match, ReadOnlySpan<byte> text, int end, int wholeLength, int output)
    {
        for (int i = _outputStarts[output]; i < _outputStarts[output + 1]; i++)
        {
            ref readonly AgentPattern pattern = ref _patterns[_outputs[i]];
            int start = end - pattern.Text.Length;
            Debug.Assert(start >= 0);
            if (pattern.StartsWord && start > 0 && IsWordByte(text[start - 1]))
            {
                continue;
            }

            if (pattern.Mark != AgentMarks.None)
            {
                ReportMark(ref match, text, start, end, pattern.Mark);
            }
            else if (pattern.Anchor == '\0' || (start == 0 && (pattern.Anchor == '^' || end == wholeLength)))
            {
                MatchLevel level = pattern.Level == MatchLevel.Library && start > 0 ? MatchLevel.LibraryInside : pattern.Level;
                match.Offer(level, pattern.Rank);
            }
        }
    }

    private static void ReportMark(ref AgentMatch match, ReadOnlySpan<byte> text, int start, int end, AgentMarks mark)
    {
        if (mark == AgentMarks.BotWord)
        {
            if (match.Has(AgentMarks.BotWord) || (end < text.Length && IsWordByte(text[end])))
            {
                return;
            }

            while (start > 0 && (IsWordByte(text[start - 1]) || text[start - 1] is (byte)'-' or (byte)'_' or (byte)'.'))
            {
                start--;
            }

            // The phone maker Cubot is no bot.
            if (System.Text.Ascii.EqualsIgnoreCase(text[start..end], "cubot"u8))
            {
                return;
            }

            match.BotWordStart = (short)start;
            match.BotWordLength = (short)(end - start);
        }
        else if (mark == AgentMarks.Compatible && !match.Has(AgentMarks.Compatible))
        {
            match.CompatibleEnd = (short)end;
        }

        match.Marks |= mark;
    }

    private int AssignClasses()
    {
        int classes = 1;
        foreach (AgentPattern pattern in _patterns)
        {
            foreach (byte b in pattern.Text)
            {
                if (b >= 0x20 && b != 0x7F && _classes[b] == 0)
                {
                    _classes[b] = (byte)classes++;
                }
            }
        }

        for (int b = 'A'; b <= 'Z'; b++)
        {
            _classes[b] = _classes[b | 0x20];
        }

        return classes;
    }
}
