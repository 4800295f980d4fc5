using System.Runtime.InteropServices;
using CfLogStream.Core.Traffic;

namespace CfLogStream.Core.Correlation;

/// <summary>Remembers, for the endpoints and clients seen last, which row and host of which window they were counted under.</summary>
/// <remarks>
/// Most requests repeat a pair of endpoint and client within a minute. A pair that is remembered costs one comparison of its texts, which
/// stand together in a record; any other goes the long way by way of six texts and four tables. Nothing follows from what is remembered
/// but speed: inside one window a pair always leads to the same row (who was admitted stays, a cap that was reached stays reached).
/// A direct-mapped table of 2,048 pairs, 240 bytes each; a pair whose texts are longer than 192 bytes is not remembered. Slots are chosen
/// after a multiplication by a number of the process, as in <see cref="IndexTable"/>. A remembered pair that has a row of its own holds
/// references to its endpoint and client, so they stay interned after their windows have closed, until another pair takes the place.
/// </remarks>
internal sealed class DimensionMemo(EndpointPool endpoints, ClientPool clients)
{
    private const int PairBits = 11;
    private const int TextBytes = 192;
    private const int EndBytes = ((int)RecordText.ClientName + 1) * sizeof(int);

    private static readonly ulong s_multiplier = ((ulong)Random.Shared.NextInt64() << 1) | 1;

    private readonly byte[] _texts = new byte[TextBytes << PairBits];
    private readonly Pair[] _pairs = new Pair[1 << PairBits];
    private Pair _unknown;

    public long BytesHeld => _texts.Length + MemoryMarshal.AsBytes(_pairs.AsSpan()).Length;

    /// <summary>Returns what is remembered of a record's pair, to be completed by those who count it; valid until the next call.</summary>
    public ref Pair Of(in TrafficRecord record)
    {
        ref readonly TrafficHead head = ref record.Head;
        record.ReadDimensions(out ReadOnlySpan<byte> ends, out ReadOnlySpan<byte> texts);
        if (texts.Length > TextBytes - EndBytes)
        {
            _unknown = Pair.Nothing;
            return ref _unknown;
        }

        int at = (int)(((head.EndpointHash ^ (head.ClientHash >> 7)) * s_multiplier) >> (64 - PairBits));
        ref Pair pair = ref _pairs[at];
        Span<byte> stored = _texts.AsSpan(at * TextBytes, TextBytes);
        uint traits = Traits(in head);
        if (pair.EndpointHash == head.EndpointHash && pair.ClientHash == head.ClientHash && pair.Traits == traits
            && stored[..EndBytes].SequenceEqual(ends) && stored.Slice(EndBytes, texts.Length).SequenceEqual(texts))
        {
            return ref pair;
        }

        Forget(ref pair);
        pair.EndpointHash = head.EndpointHash;
        pair.ClientHash = head.ClientHash;
        pair.Traits = traits;
        ends.CopyTo(stored);
        texts.CopyTo(stored[EndBytes..]);
        return ref pair;
    }

    /// <summary>Remembers the numbers of a pair that has a row of its own.</summary>
    public void Know(ref Pair pair, int endpoint, int client)
    {
        if (pair.Traits != 0)
        {
            pair.Endpoint = endpoints.AddReference(endpoint);
            pair.Client = clients.AddReference(client);
        }
    }

    /// <summary>All of a record that decides its row besides the texts; never 0.</summary>
    private static uint Traits(in TrafficHead head) => 1U << 31 | (uint)(head.Flags & RecordFlags.KnownTemplate) << 16
        | (uint)head.Surface << 8 | (uint)head.Trust;

    private void Forget(ref Pair pair)
    {
        if (pair.Traits != 0 && pair.Endpoint >= 0)
        {
            endpoints.Release(pair.Endpoint);
            clients.Release(pair.Client);
        }

        pair = Pair.Nothing;
    }

    internal struct Pair
    {
        /// <summary>A pair that nothing is known of; its traits are 0.</summary>
        public static readonly Pair Nothing = new() { Endpoint = -1, Client = -1 };

        public ulong EndpointHash;
        public ulong ClientHash;
        public uint Traits;

        /// <summary>The numbers of the endpoint and the client; -1 while the pair has no row of its own.</summary>
        public int Endpoint;
        public int Client;

        /// <summary>The row in the minute with this <see cref="MinuteWindow.Serial"/>; serials start at 1.</summary>
        public int Row;
        public long Minute;

        /// <summary>The host in the hour with this <see cref="HourWindow.Serial"/>.</summary>
        public long Hour;
        public int Host;
    }
}
