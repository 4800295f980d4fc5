using System.Text;

namespace CfLogStream.Core.Rules;

/// <summary>Bytes being put together from characters and escapes.</summary>
internal sealed class ByteText
{
    private readonly List<byte> _bytes = [];
    private readonly StringBuilder _pending = new();

    public void Append(char c) => _pending.Append(c);

    public void AppendByte(byte value)
    {
        Flush();
        _bytes.Add(value);
    }

    public byte[] ToArray()
    {
        Flush();
        return [.. _bytes];
    }

    // Characters are encoded together, because half of a surrogate pair has no encoding.
    private void Flush()
    {
        _bytes.AddRange(Encoding.UTF8.GetBytes(_pending.ToString()));
        _pending.Clear();
    }
}
