using System.Security.Cryptography;
using System.Text;

namespace CfLogStream.Server.Receiving;

/// <summary>A sender with the tokens that are good for it: several while they are changed.</summary>
/// <remarks>Only hashes are kept and compared, so that the comparison takes as long for any token of any length.</remarks>
public sealed class ReceiverSource
{
    private readonly byte[][] _hashes;

    public ReceiverSource(string name, IEnumerable<string> tokens)
    {
        Name = name;
        _hashes = [.. tokens.Select(HashOf)];
    }

    /// <summary>The name that its batches have.</summary>
    public string Name { get; }

    /// <summary>Returns what tokens are compared by.</summary>
    internal static byte[] HashOf(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));

    /// <summary>Whether a token is one of its own; every one is compared.</summary>
    internal bool Has(ReadOnlySpan<byte> hash)
    {
        bool found = false;
        foreach (byte[] own in _hashes)
        {
            found |= CryptographicOperations.FixedTimeEquals(own, hash);
        }

        return found;
    }
}
