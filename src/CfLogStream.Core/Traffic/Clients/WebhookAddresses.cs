using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace CfLogStream.Core.Traffic.Clients;

/// <summary>The IPv4 ranges that webhook senders publish and rarely change, sorted by their first address.</summary>
internal sealed class WebhookAddresses
{
    private readonly uint[] _first;
    private readonly uint[] _last;
    private readonly byte[][] _names;

    // By first octet: whether any range has addresses there. Most addresses end here.
    private readonly bool[] _octets = new bool[256];

    public WebhookAddresses(IReadOnlyList<WebhookSender> senders)
    {
        var ranges = new List<(uint First, uint Last, byte[] Name)>();
        foreach (WebhookSender sender in senders)
        {
            foreach (string cidr in sender.Addresses)
            {
                string[] parts = cidr.Split('/');
                IpPrefix address = IpPrefix.Parse(Encoding.ASCII.GetBytes(parts[0]));
                if (address.Length != 32)
                {
                    throw new InvalidOperationException($"The built-in webhook table has '{cidr}' as an address of '{sender.Name}'.");
                }

                int bits = parts.Length == 2 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : 32;
                uint mask = bits == 0 ? 0 : uint.MaxValue << (32 - bits);
                ranges.Add(((uint)address.Bits & mask, (uint)address.Bits | ~mask, Encoding.UTF8.GetBytes(sender.Name)));
            }
        }

        ranges.Sort((left, right) => left.First.CompareTo(right.First));
        _first = [.. ranges.Select(range => range.First)];
        _last = [.. ranges.Select(range => range.Last)];
        _names = [.. ranges.Select(range => range.Name)];
        foreach ((uint first, uint last, _) in ranges)
        {
            _octets.AsSpan((int)(first >> 24)..((int)(last >> 24) + 1)).Fill(true);
        }
    }

    /// <summary>Returns the client name whose range holds the address; empty when none does.</summary>
    public ReadOnlySpan<byte> Find(IpPrefix address) => IndexOf(address) is >= 0 and int index ? _names[index] : default;

    /// <summary>Returns the index of the range that holds the address; -1 when none does.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int IndexOf(IpPrefix address)
    {
        if (address.Length != 32 || !_octets[(byte)(address.Bits >> 24)])
        {
            return -1;
        }

        uint bits = (uint)address.Bits;
        int index = Array.BinarySearch(_first, bits);
        index = index < 0 ? ~index - 1 : index;
        return index >= 0 && bits <= _last[index] ? index : -1;
    }
}
