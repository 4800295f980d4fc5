namespace CfLogStream.ClickHouse.Embedded.Engine;

/// <summary>The values of a statement's <c>{name:Type}</c> placeholders; the engine reads each as its placeholder's type.</summary>
internal sealed class QueryParameters
{
    /// <summary>No parameters.</summary>
    public static readonly QueryParameters None = new([]);

    public QueryParameters(IReadOnlyCollection<KeyValuePair<string, string>> values)
    {
        Pairs = values;
        Names = new PinnedTexts([.. values.Select(static pair => pair.Key)]);
        Values = new PinnedTexts([.. values.Select(static pair => pair.Value)]);
    }

    /// <summary>Gets names and values.</summary>
    public IReadOnlyCollection<KeyValuePair<string, string>> Pairs { get; }

    /// <summary>Gets the names.</summary>
    public PinnedTexts Names { get; }

    /// <summary>Gets the values, in the order of the names.</summary>
    public PinnedTexts Values { get; }
}
