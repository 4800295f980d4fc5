using System.Text;

namespace CfLogStream.Generator.Tests;

/// <summary>Keeps uploads and ledger in memory.</summary>
internal sealed class MemoryUploads : IUploadTarget
{
    // Readable after the generator has disposed of it.
    private readonly List<MemoryStream> _ledgers = [];

    public Dictionary<string, byte[]> Files { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, DateTimeOffset> Delivered { get; } = new(StringComparer.Ordinal);

    public byte[] Ledger => _ledgers[^1].ToArray();

    public string LedgerText => Encoding.UTF8.GetString(Ledger);

    public Stream Begin() => new MemoryStream();

    public void Complete(Stream body, string name, DateTimeOffset deliveredAt)
    {
        Files.Add(name, ((MemoryStream)body).ToArray());
        Delivered.Add(name, deliveredAt);
    }

    public void Repeat(string name, string again, DateTimeOffset deliveredAt)
    {
        Files.Add(again, Files[name]);
        Delivered.Add(again, deliveredAt);
    }

    public Stream OpenLedger()
    {
        _ledgers.Add(new MemoryStream());
        return _ledgers[^1];
    }
}
