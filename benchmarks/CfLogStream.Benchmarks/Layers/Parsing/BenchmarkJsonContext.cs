using System.Text.Json.Serialization;

namespace CfLogStream.Benchmarks.Layers.Parsing;

/// <summary>Source-generated serializers of the models.</summary>
[JsonSourceGenerationOptions(
    NumberHandling = JsonNumberHandling.AllowReadingFromString,
    GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(HttpRequestModel))]
[JsonSerializable(typeof(FirewallEventModel))]
internal sealed partial class BenchmarkJsonContext : JsonSerializerContext;
