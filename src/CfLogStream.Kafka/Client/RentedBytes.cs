using System.Buffers;
using Confluent.Kafka;

namespace CfLogStream.Kafka.Client;

/// <summary>A message's bytes in a rented buffer.</summary>
internal readonly record struct RentedBytes(byte[] Bytes, int Length)
{
    internal void Return() => ArrayPool<byte>.Shared.Return(Bytes);

    /// <summary>Copies the bytes once, from librdkafka's memory into the rented buffer.</summary>
    internal sealed class Deserializer : IDeserializer<RentedBytes>
    {
        public RentedBytes Deserialize(ReadOnlySpan<byte> data, bool isNull, SerializationContext context)
        {
            byte[] bytes = ArrayPool<byte>.Shared.Rent(Math.Max(1, data.Length));
            data.CopyTo(bytes);
            return new RentedBytes(bytes, data.Length);
        }
    }
}
