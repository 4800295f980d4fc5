using System.Runtime.CompilerServices;

namespace CfLogStream.Core.Traffic.Clients;

/// <summary>Reads client addresses and writes their prefixes. One per thread.</summary>
/// <remarks>
/// An IPv4 address is its own prefix and quickly read (<see cref="Ipv4Text"/>). Of IPv6 addresses those met last are remembered by their
/// text (<see cref="TextSlots{TValue}"/>, 150 kB in all) with the prefix as text.
/// </remarks>
internal sealed class AddressReader
{
    private const int SlotBits = 9;

    private readonly TextSlots<WrittenPrefix> _slots = new(SlotBits);
    private readonly byte[] _scratch = new byte[WideText.Width];
    private int _current;
    private bool _isCanonicalV4;

    /// <summary>Reads an address; no address when the text is none.</summary>
    public void Read(ReadOnlySpan<byte> text, out IpPrefix prefix)
    {
        if (Ipv4Text.TryParse(text, out uint v4, out _isCanonicalV4) && _isCanonicalV4)
        {
            prefix = IpPrefix.OfV4(v4);
            return;
        }

        _isCanonicalV4 = false;
        int slot = _slots.Find(WideText.Copy(text, _scratch), text.Length, 0);
        _current = slot;
        if (slot < 0)
        {
            _current = ~slot;
            ref WrittenPrefix written = ref _slots[_current];
            written.Prefix = IpPrefix.Parse(text);
            written.Length = (byte)written.Prefix.Format(written.Text);
        }

        prefix = _slots[_current].Prefix;
    }

    /// <summary>Writes the prefix of the address read last (<see cref="IpPrefix.Format"/>), whose text is given once more.</summary>
    /// <returns>The number of bytes written; 0 for no address.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Write(ReadOnlySpan<byte> text, Span<byte> destination)
    {
        if (_isCanonicalV4)
        {
            text.CopyTo(destination);
            "/32"u8.CopyTo(destination[text.Length..]);
            return text.Length + 3;
        }

        ref WrittenPrefix written = ref _slots[_current];
        ((ReadOnlySpan<byte>)written.Text)[..written.Length].CopyTo(destination);
        return written.Length;
    }

    private struct WrittenPrefix
    {
        public IpPrefix Prefix;
        public byte Length;
        public PrefixText Text;

        [InlineArray(IpPrefix.MaxFormattedLength)]
        internal struct PrefixText
        {
            private byte _first;
        }
    }
}
