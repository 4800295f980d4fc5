namespace CfLogStream.Server.Configuration;

/// <summary>A value in the file, and where it stands.</summary>
/// <param name="Position">Where the value begins.</param>
internal abstract record ConfigurationNode(ConfigurationPosition Position)
{
    /// <summary>How many nodes this one stands for when every alias is written out.</summary>
    public int Size { get; init; } = 1;

    /// <summary>How deep it nests; a scalar has depth 0.</summary>
    public int Depth { get; init; }
}

/// <summary>A single value; what it means is decided by the key it is for.</summary>
/// <param name="Position">Where the value begins.</param>
/// <param name="Text">The text without quotes.</param>
/// <param name="IsPlain">Whether it was written without quotes; quoted text is never a number or nothing.</param>
internal sealed record ScalarNode(ConfigurationPosition Position, string Text, bool IsPlain) : ConfigurationNode(Position)
{
    /// <summary>Whether YAML calls this no value: <c>key:</c>, <c>~</c> or <c>null</c>.</summary>
    public bool IsNull => IsPlain && Text is ("" or "~" or "null" or "Null" or "NULL");
}

/// <summary>A list.</summary>
internal sealed record SequenceNode(ConfigurationPosition Position, IReadOnlyList<ConfigurationNode> Items) : ConfigurationNode(Position);

/// <summary>Keys and values in the order of the file; a key may occur twice, which the binder reports.</summary>
internal sealed record MappingNode(ConfigurationPosition Position, IReadOnlyList<MappingEntry> Entries) : ConfigurationNode(Position);

/// <summary>One key and its value.</summary>
internal readonly record struct MappingEntry(ScalarNode Key, ConfigurationNode Value);
