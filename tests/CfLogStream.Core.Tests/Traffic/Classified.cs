using System.Text;
using CfLogStream.Core.Traffic;

namespace CfLogStream.Core.Tests.Traffic;

/// <summary>The one classified record of a batch, with its texts as strings.</summary>
internal sealed class Classified
{
    private readonly TrafficBatch _batch;

    public Classified(TrafficBatch batch)
    {
        Assert.Equal(1, batch.Count);
        _batch = batch;
    }

    public TrafficHead Head => _batch.Head(0);

    /// <summary>Class and name: <c>sdk/okhttp</c>.</summary>
    public string Client => this[RecordText.ClientClass] + "/" + this[RecordText.ClientName];

    public string this[RecordText text] => Encoding.UTF8.GetString(_batch[0][text]);

    public bool Has(RecordFlags flag) => (Head.Flags & flag) != 0;

    /// <summary>The entries as <c>control action rule ref description index</c>.</summary>
    public string[] Entries => [.. Enumerable.Range(0, Head.EntryCount).Select(i =>
    {
        SecurityEntry entry = _batch[0].Entry(i);
        return $"{Text(entry.Control)} {Text(entry.Action)} {Text(entry.RuleId)} {Text(entry.RuleRef)} {Text(entry.Description)} {entry.MatchIndex}";
    })];

    /// <summary>The extras as <c>name=value</c>.</summary>
    public string[] Extras => [.. Enumerable.Range(0, Head.ExtraCount).Select(i => Text(_batch[0].ExtraName(i)) + "=" + Text(_batch[0].ExtraValue(i)))];

    private static string Text(ReadOnlySpan<byte> text) => Encoding.UTF8.GetString(text);
}
