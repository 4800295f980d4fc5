namespace CfLogStream.Core.Correlation;

/// <summary>Texts that live rows share: zones, hosts, templates, networks, references and descriptions of rules. The empty one is always there.</summary>
internal sealed class TextPool
{
    private readonly ReferencePool<Utf8Text> _texts = new();
    private readonly int _empty;

    public TextPool()
    {
        _empty = _texts.Add(SeededHash.Of(default), default);
    }

    public int Count => _texts.Count;

    public Utf8Text this[int text] => _texts[text];

    /// <summary>Returns the number of a text, or -1 when no row has it.</summary>
    public int Find(ReadOnlySpan<byte> text) => text.IsEmpty ? _empty : Find(text, SeededHash.Of(text));

    /// <summary>Returns the number of a text with one more reference.</summary>
    public int Acquire(ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty)
        {
            return AddReference(_empty);
        }

        ulong hash = SeededHash.Of(text);
        int found = Find(text, hash);
        if (found < 0)
        {
            return _texts.Add(hash, Utf8Text.Copy(text));
        }

        _texts.AddReference(found);
        return found;
    }

    public int AddReference(int text)
    {
        _texts.AddReference(text);
        return text;
    }

    public void Release(int text) => _texts.Release(text, out _);

    private int Find(ReadOnlySpan<byte> text, ulong hash)
    {
        for (IndexTable.Probe probe = _texts.Find(hash); probe.Next();)
        {
            if (_texts[probe.Item].Span.SequenceEqual(text))
            {
                return probe.Item;
            }
        }

        return -1;
    }
}
