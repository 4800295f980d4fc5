using System.Text;

namespace CfLogStream.Core.Traffic.Clients;

/// <summary>A client name of the program's own, with its hash.</summary>
internal sealed class ClientWord
{
    private readonly byte[] _text;

    public ClientWord(string text)
    {
        _text = Encoding.ASCII.GetBytes(text);
        Hash = StableHash.Of(_text);
    }

    public ReadOnlySpan<byte> Text => _text;

    /// <summary>The stable hash of <see cref="Text"/>.</summary>
    public ulong Hash { get; }
}
