using System.Numerics;
using CfLogStream.Core.Traffic;

namespace CfLogStream.Core.Correlation;

/// <summary>Clients (class, name, trust) that live rows share.</summary>
internal sealed class ClientPool
{
    private readonly ReferencePool<ClientKey> _clients = new();

    public ClientKey this[int client] => _clients[client];

    /// <summary>Returns the number of a record's client, or -1 when no row has it.</summary>
    public int Find(in TrafficRecord record) => Find(
        record.Head.ClientHash, record[RecordText.ClientClass], record[RecordText.ClientName], record.Head.Trust);

    /// <summary>Returns the number of a record's client with one more reference.</summary>
    public int Acquire(in TrafficRecord record) => Acquire(
        record.Head.ClientHash, record[RecordText.ClientClass], record[RecordText.ClientName], record.Head.Trust);

    /// <summary>Returns the number of a client that stands for those past a cap, with one more reference.</summary>
    public int AcquireFolded(ReadOnlySpan<byte> clientClass, ReadOnlySpan<byte> name, Trust trust)
    {
        ulong hash = SeededHash.Of(clientClass) + BitOperations.RotateLeft(SeededHash.Of(name), 21) + (ulong)trust;
        return Acquire(hash, clientClass, name, trust);
    }

    public int AddReference(int client)
    {
        _clients.AddReference(client);
        return client;
    }

    public void Release(int client) => _clients.Release(client, out _);

    private int Find(ulong hash, ReadOnlySpan<byte> clientClass, ReadOnlySpan<byte> name, Trust trust)
    {
        for (IndexTable.Probe probe = _clients.Find(hash); probe.Next();)
        {
            ClientKey key = _clients[probe.Item];
            if (key.Trust == trust && key.Name.Span.SequenceEqual(name) && key.Class.Span.SequenceEqual(clientClass))
            {
                return probe.Item;
            }
        }

        return -1;
    }

    private int Acquire(ulong hash, ReadOnlySpan<byte> clientClass, ReadOnlySpan<byte> name, Trust trust)
    {
        int found = Find(hash, clientClass, name, trust);
        return found < 0
            ? _clients.Add(hash, new ClientKey(Utf8Text.Copy(clientClass), Utf8Text.Copy(name), trust))
            : AddReference(found);
    }
}
