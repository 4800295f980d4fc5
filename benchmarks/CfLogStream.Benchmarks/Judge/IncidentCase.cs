using System.Text.Json;
using System.Text.Json.Serialization;
using CfLogStream.Core.Insight.Detection;
using CfLogStream.Core.Insight.Findings;

namespace CfLogStream.Benchmarks.Judge;

/// <summary>One incident as the diagnosis sees it, with the truth: kept between runs, so that a change of the diagnosis is judged in seconds.</summary>
internal sealed record IncidentCase(
    string Scenario, ulong Seed, Truth Truth, DiagnosisInput Input, IReadOnlyDictionary<RuleKey, RuleDetail> Details, IReadOnlyList<Change> Changes,
    bool Audited)
{
    private static readonly JsonSerializerOptions s_json = new() { Converters = { new RuleMapConverterFactory() } };

    public static IncidentCase? Load(string path) =>
        File.Exists(path) ? JsonSerializer.Deserialize<IncidentCase>(File.ReadAllBytes(path), s_json) : null;

    public void Save(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, JsonSerializer.SerializeToUtf8Bytes(this, s_json));
    }

    /// <summary>Maps with rules for keys as lists of pairs.</summary>
    private sealed class RuleMapConverterFactory : JsonConverterFactory
    {
        public override bool CanConvert(Type typeToConvert) =>
            typeToConvert.IsGenericType && typeToConvert.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>)
            && typeToConvert.GetGenericArguments()[0] == typeof(RuleKey);

        public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
            (JsonConverter)Activator.CreateInstance(typeof(RuleMapConverter<>).MakeGenericType(typeToConvert.GetGenericArguments()[1]))!;
    }

    private sealed class RuleMapConverter<T> : JsonConverter<IReadOnlyDictionary<RuleKey, T>>
    {
        public override IReadOnlyDictionary<RuleKey, T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            JsonSerializer.Deserialize<KeyValuePair<RuleKey, T>[]>(ref reader, options)!.ToDictionary(pair => pair.Key, pair => pair.Value);

        public override void Write(Utf8JsonWriter writer, IReadOnlyDictionary<RuleKey, T> value, JsonSerializerOptions options) =>
            JsonSerializer.Serialize(writer, value.ToArray(), options);
    }
}
