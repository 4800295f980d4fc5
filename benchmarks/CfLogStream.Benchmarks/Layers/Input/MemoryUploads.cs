using CfLogStream.Generator;

namespace CfLogStream.Benchmarks.Layers.Input;

/// <summary>Keeps the generated uploads of some datasets, one behind the other.</summary>
internal sealed class MemoryUploads(string[] datasets) : IUploadTarget
{
    private readonly List<byte[]> _kept = [];

    public Stream Begin() => new MemoryStream();

    public void Complete(Stream body, string name, DateTimeOffset deliveredAt)
    {
        if (datasets.Contains(name[..name.IndexOf('/', StringComparison.Ordinal)]))
        {
            _kept.Add(((MemoryStream)body).ToArray());
        }
    }

    public void Repeat(string name, string again, DateTimeOffset deliveredAt)
    {
    }

    public Stream OpenLedger() => Stream.Null;

    /// <summary>Returns everything that was kept.</summary>
    public byte[] Take()
    {
        byte[] all = new byte[_kept.Sum(upload => upload.Length)];
        int at = 0;
        foreach (byte[] upload in _kept)
        {
            upload.CopyTo(all, at);
            at += upload.Length;
        }

        return all;
    }
}
