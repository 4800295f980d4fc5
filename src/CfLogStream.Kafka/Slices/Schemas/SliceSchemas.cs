using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;

namespace CfLogStream.Kafka.Slices.Schemas;

/// <summary>The schemas of this version, and those of earlier ones that it reads.</summary>
internal static class SliceSchemas
{
    private const string Extension = ".avsc";
    private const string Previous = "previous/";

    private static readonly SliceSchema[] s_current = [.. SliceKinds.All.Select(kind => Load(kind, $"{kind}Slice{Extension}"))];
    private static readonly FrozenDictionary<ulong, SliceSchema> s_all =
        s_current.Concat(LoadPrevious()).ToFrozenDictionary(schema => schema.Fingerprint);

    /// <summary>Every schema that can be read.</summary>
    public static IReadOnlyCollection<SliceSchema> All => s_all.Values;

    /// <summary>The schema that slices of a kind are written with.</summary>
    public static SliceSchema Current(SliceKind kind) => s_current[(int)kind - 1];

    public static bool TryFind(ulong fingerprint, [NotNullWhen(true)] out SliceSchema? schema) =>
        s_all.TryGetValue(fingerprint, out schema);

    private static IEnumerable<SliceSchema> LoadPrevious() =>
        from name in typeof(SliceSchemas).Assembly.GetManifestResourceNames()
        where name.StartsWith(Previous, StringComparison.Ordinal) && name.EndsWith(Extension, StringComparison.Ordinal)
        let kind = SliceKinds.All.Single(kind => name.StartsWith($"{Previous}{kind}Slice.", StringComparison.Ordinal))
        select Load(kind, name);

    private static SliceSchema Load(SliceKind kind, string resource)
    {
        Assembly assembly = typeof(SliceSchemas).Assembly;
        using Stream stream = assembly.GetManifestResourceStream(resource) ?? Throw.MissingSchema(resource);
        using var text = new StreamReader(stream);
        return new SliceSchema(kind, text.ReadToEnd());
    }
}
