using System.Text.Json;

namespace CfLogStream.Benchmarks.Layers.Parsing;

/// <summary>The wanted fields by <see cref="JsonSerializer"/> with source-generated metadata.</summary>
internal static class SerializerExtractor
{
    /// <summary>Reads a line and returns its sum; 0 when it is no JSON or of other types.</summary>
    public static long Read(ReadOnlySpan<byte> line, bool isFirewall)
    {
        try
        {
            return isFirewall
                ? JsonSerializer.Deserialize(line, BenchmarkJsonContext.Default.FirewallEventModel)!.Sum()
                : JsonSerializer.Deserialize(line, BenchmarkJsonContext.Default.HttpRequestModel)!.Sum();
        }
        catch (JsonException)
        {
            return 0;
        }
    }
}
