using System.Buffers.Text;
using System.Text.Json;

namespace CfLogStream.Benchmarks.Layers.Parsing;

/// <summary>The wanted fields by <see cref="Utf8JsonReader"/>, by hand.</summary>
/// <remarks>One pass, names compared by length and bytes, values added up as they come, nothing kept and nothing allocated.</remarks>
internal sealed class Utf8ReaderExtractor
{
    private readonly byte[] _scratch = new byte[64 * 1024];

    /// <summary>Reads a line and returns its sum; 0 when it is no JSON.</summary>
    public long Read(ReadOnlySpan<byte> line, bool isFirewall)
    {
        try
        {
            return isFirewall ? ReadFirewall(line) : ReadHttp(line);
        }
        catch (JsonException)
        {
            return 0;
        }
    }

    private long ReadHttp(ReadOnlySpan<byte> line)
    {
        var reader = new Utf8JsonReader(line);
        long sum = 0;
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            WantedKind kind = WantedKeys.OfHttp(reader.ValueSpan);
            reader.Read();
            sum += Value(ref reader, kind);
        }

        return sum;
    }

    private long ReadFirewall(ReadOnlySpan<byte> line)
    {
        var reader = new Utf8JsonReader(line);
        long sum = 0;
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            WantedKind kind = WantedKeys.OfFirewall(reader.ValueSpan);
            reader.Read();
            sum += Value(ref reader, kind);
        }

        return sum;
    }

    private long Value(ref Utf8JsonReader reader, WantedKind kind)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.String when kind is WantedKind.Text:
                return Text(ref reader).IsEmpty ? 0 : 1;
            case JsonTokenType.String when kind is WantedKind.Number:
                return Utf8Parser.TryParse(reader.ValueSpan, out long parsed, out _) ? parsed : 0;
            case JsonTokenType.Number when kind is WantedKind.Number:
                return reader.TryGetInt64(out long number) ? number : 0;
            case JsonTokenType.True when kind is WantedKind.Boolean:
                return 1;
            case JsonTokenType.StartArray when kind is WantedKind.Array:
                long elements = 0;
                while (reader.Read() && reader.TokenType == JsonTokenType.String)
                {
                    elements += Text(ref reader).Length >= 0 ? 1 : 0;
                }

                return elements;
            case JsonTokenType.StartArray or JsonTokenType.StartObject:
                reader.Skip();
                return 0;
            default:
                return 0;
        }
    }

    private ReadOnlySpan<byte> Text(ref Utf8JsonReader reader) =>
        reader.ValueIsEscaped ? _scratch.AsSpan(0, reader.CopyString(_scratch)) : reader.ValueSpan;
}
