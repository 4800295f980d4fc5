using Confluent.Kafka;

namespace CfLogStream.Kafka.Client;

/// <summary>A partition that the group gave to this process. Reading thread only.</summary>
internal sealed class OwnedPartition<TMessage>(TopicPartition id)
    where TMessage : class, IDisposable
{
    private readonly Queue<Item> _held = new();

    internal TopicPartition Id { get; } = id;

    /// <summary>Cancelled when the partition is given up.</summary>
    internal CancellationTokenSource Stop { get; } = new();

    /// <summary>Finds out where to read on; null while messages are read.</summary>
    internal Task<StartPoint<TMessage>>? Finding { get; set; }

    /// <summary>Null until it was opened.</summary>
    internal IGroupSession<TMessage>? Session { get; set; }

    /// <summary>The offset that comes next.</summary>
    internal long Expected { get; set; }

    /// <summary>When the last message that was read was appended, in milliseconds since 1970-01-01 UTC; 0 when that is not known.</summary>
    internal long LastTimeMs { get; set; }

    /// <summary>The offset that was last given to the library to be committed.</summary>
    internal long Stored { get; set; } = -1;

    internal bool Paused { get; set; }

    internal long HeldBytes { get; private set; }

    /// <summary>Whether something waits for the session to have room.</summary>
    internal bool Holds => _held.Count > 0;

    internal int HeldMessages { get; private set; }

    /// <summary>Gives a message to the session, or holds it, in order.</summary>
    /// <returns>True when the session took it.</returns>
    internal bool Offer(TMessage message, int bytes)
    {
        if (!Holds && Session!.TryTake(message))
        {
            return true;
        }

        _held.Enqueue(new Item(message, bytes, 0, 0));
        HeldBytes += bytes;
        HeldMessages++;
        return false;
    }

    /// <summary>Tells the session of lost offsets after what is held has been taken.</summary>
    internal void Lose(long from, long to)
    {
        if (Holds)
        {
            _held.Enqueue(new Item(null, 0, from, to));
        }
        else
        {
            Session!.LoseOffsets(from, to);
        }
    }

    /// <summary>Offers again what is held.</summary>
    /// <returns>The messages and bytes that the session took.</returns>
    internal (int Messages, long Bytes) OfferHeld()
    {
        int messages = 0;
        long bytes = 0;
        while (_held.TryPeek(out Item item))
        {
            if (item.Message is null)
            {
                Session!.LoseOffsets(item.From, item.To);
            }
            else if (Session!.TryTake(item.Message))
            {
                messages++;
                bytes += item.Bytes;
            }
            else
            {
                break;
            }

            _held.Dequeue();
        }

        HeldMessages -= messages;
        HeldBytes -= bytes;
        return (messages, bytes);
    }

    internal void DropHeld()
    {
        while (_held.TryDequeue(out Item item))
        {
            item.Message?.Dispose();
        }

        HeldBytes = 0;
        HeldMessages = 0;
    }

    private readonly record struct Item(TMessage? Message, int Bytes, long From, long To);
}
