namespace CfLogStream.Core.Traffic.Clients;

/// <summary>Reads client addresses and writes their prefixes. One per thread.</summary>
/// <remarks>
/// An IPv4 address is its own prefix and quickly read (<see cref="Ipv4Text"/>). Of IPv6 addresses those met last are remembered by their
/// text (<see cref="TextSlots"/>, 50 kB in all) with the prefix as text.
/// </remarks>
internal sealed class AddressReader
{
    private const int SlotBits = 9;
    private const int MaxBytes = 46;

    private readonly TextSlots _slots = new(SlotBits, MaxBytes);
    private readonly IpPrefix[] _prefixes;
    private readonly byte[] _lengths;
    private readonly byte[] _texts;
    private int _current;
    private bool _isCanonicalV4;

    public AddressReader()
    {
        _prefixes = new IpPrefix[_slots.Count];
        _lengths = new byte[_slots.Count];
        _texts = new byte[_slots.Count * IpPrefix.MaxFormattedLength];
    }

    /// <summary>Reads an address; no address when the text is none.</summary>
    public IpPrefix Read(ReadOnlySpan<byte> text)
    {
        if (Ipv4Text.TryParse(text, out uint v4, out _isCanonicalV4) && _isCanonicalV4)
        {
            return IpPrefix.OfV4(v4);
        }

        _isCanonicalV4 = false;
        _current = _slots.Find(text, out bool isFilled);
        if (!isFilled)
        {
            _prefixes[_current] = IpPrefix.Parse(text);
            _lengths[_current] =
                (byte)_prefixes[_current].Format(_texts.AsSpan(_current * IpPrefix.MaxFormattedLength, IpPrefix.MaxFormattedLength));
        }

        return _prefixes[_current];
    }

    /// <summary>Writes the prefix of the address read last (<see cref="IpPrefix.Format"/>), whose text is given once more.</summary>
    /// <returns>The number of bytes written; 0 for no address.</returns>
    public int Write(ReadOnlySpan<byte> text, Span<byte> destination)
    {
        if (_isCanonicalV4)
        {
            text.CopyTo(destination);
            "/32"u8.CopyTo(destination[text.Length..]);
            return text.Length + 3;
        }

        ReadOnlySpan<byte> prefix = _texts.AsSpan(_current * IpPrefix.MaxFormattedLength, _lengths[_current]);
        prefix.CopyTo(destination);
        return prefix.Length;
    }
}
