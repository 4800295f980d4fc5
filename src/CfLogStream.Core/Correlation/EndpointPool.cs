using System.Numerics;
using CfLogStream.Core.Traffic;

namespace CfLogStream.Core.Correlation;

/// <summary>Endpoints (zone, host, method, template, surface) that live rows share.</summary>
/// <remarks>
/// A record's own endpoint is found by the hash in its head, so no text is hashed per record; its texts are compared, so that a crafted
/// hash cannot merge rows. Endpoints that stand for those past a cap (<c>{other}</c>) have hashes of their own.
/// </remarks>
internal sealed class EndpointPool(TextPool texts)
{
    private readonly ReferencePool<EndpointItem> _endpoints = new();

    public ref readonly EndpointItem this[int endpoint] => ref _endpoints[endpoint];

    /// <summary>Returns the number of a record's endpoint, or -1 when no row has it.</summary>
    public int Find(in TrafficRecord record) => Find(
        HashOf(record.Head.EndpointHash, record.Head.Surface),
        record[RecordText.Zone],
        record[RecordText.Host],
        record[RecordText.Method],
        record[RecordText.Template],
        record.Head.Surface);

    /// <summary>Returns the number of a record's endpoint with one more reference.</summary>
    public int Acquire(in TrafficRecord record) => Acquire(
        HashOf(record.Head.EndpointHash, record.Head.Surface),
        record[RecordText.Zone],
        record[RecordText.Host],
        record[RecordText.Method],
        record[RecordText.Template],
        record.Head.Surface);

    /// <summary>Returns the number of an endpoint with a folded host or template, with one more reference.</summary>
    public int AcquireFolded(
        ReadOnlySpan<byte> zone, ReadOnlySpan<byte> host, ReadOnlySpan<byte> method, ReadOnlySpan<byte> template, Surface surface)
    {
        ulong hash = SeededHash.Of(template) + BitOperations.RotateLeft(SeededHash.Of(host), 16)
            + BitOperations.RotateLeft(SeededHash.Of(method), 32) + BitOperations.RotateLeft(SeededHash.Of(zone), 48);
        return Acquire(HashOf(hash, surface), zone, host, method, template, surface);
    }

    public int AddReference(int endpoint)
    {
        _endpoints.AddReference(endpoint);
        return endpoint;
    }

    public void Release(int endpoint)
    {
        if (_endpoints.Release(endpoint, out EndpointItem item))
        {
            texts.Release(item.Zone);
            texts.Release(item.Host);
            texts.Release(item.Template);
        }
    }

    private static ulong HashOf(ulong hash, Surface surface) => hash + ((ulong)surface * 0x9E3779B97F4A7C15);

    private int Find(
        ulong hash,
        ReadOnlySpan<byte> zone,
        ReadOnlySpan<byte> host,
        ReadOnlySpan<byte> method,
        ReadOnlySpan<byte> template,
        Surface surface)
    {
        for (IndexTable.Probe probe = _endpoints.Find(hash); probe.Next();)
        {
            EndpointKey key = _endpoints[probe.Item].Key;
            if (key.Surface == surface && key.Path.Span.SequenceEqual(template) && key.Host.Span.SequenceEqual(host)
                && key.Method.Span.SequenceEqual(method) && key.Zone.Span.SequenceEqual(zone))
            {
                return probe.Item;
            }
        }

        return -1;
    }

    private int Acquire(
        ulong hash,
        ReadOnlySpan<byte> zone,
        ReadOnlySpan<byte> host,
        ReadOnlySpan<byte> method,
        ReadOnlySpan<byte> template,
        Surface surface)
    {
        int found = Find(hash, zone, host, method, template, surface);
        if (found >= 0)
        {
            return AddReference(found);
        }

        int zoneText = texts.Acquire(zone);
        int hostText = texts.Acquire(host);
        int templateText = texts.Acquire(template);
        var key = new EndpointKey(texts[zoneText], texts[hostText], Utf8Text.Copy(method), texts[templateText], surface);
        return _endpoints.Add(hash, new EndpointItem(key, zoneText, hostText, templateText));
    }
}
