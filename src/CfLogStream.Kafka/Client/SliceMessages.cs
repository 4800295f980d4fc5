using CfLogStream.Kafka.Slices;
using Confluent.Kafka;

namespace CfLogStream.Kafka.Client;

/// <summary>Turns the headers of slices into those of Kafka messages and back.</summary>
public static class SliceMessages
{
    /// <summary>More headers than a slice has: others may add a few, but nobody reads hundreds.</summary>
    private const int MaxHeaders = 32;

    /// <summary>Returns the message headers of a slice.</summary>
    public static Headers HeadersOf(SliceHeader header)
    {
        var headers = new Headers();
        foreach ((string name, byte[] value) in SliceHeaders.Write(header))
        {
            headers.Add(name, value);
        }

        return headers;
    }

    /// <summary>Reads message headers; <see cref="SliceKind.None"/> when they are not those of a slice.</summary>
    public static SliceHeader HeaderOf(Headers? headers)
    {
        if (headers is null || headers.Count is 0 or > MaxHeaders)
        {
            return default;
        }

        var pairs = new (string Name, byte[]? Value)[headers.Count];
        for (int i = 0; i < pairs.Length; i++)
        {
            pairs[i] = (headers[i].Key, headers[i].GetValueBytes());
        }

        return SliceHeaders.Read(pairs);
    }
}
