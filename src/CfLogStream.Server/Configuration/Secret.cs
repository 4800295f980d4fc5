namespace CfLogStream.Server.Configuration;

/// <summary>A secret in memory. It prints as <c>***</c> wherever it is printed by accident.</summary>
public sealed class Secret : IEquatable<Secret>
{
    /// <summary>What stands for a secret in every output.</summary>
    public const string Mask = "***";

    private readonly string _value;

    public Secret(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        _value = value;
    }

    /// <summary>No secret at all.</summary>
    public static Secret None { get; } = new("");

    /// <summary>Whether there is no secret.</summary>
    public bool IsEmpty => _value.Length == 0;

    /// <summary>Returns the secret itself, for the one place that sends it.</summary>
    public string Reveal() => _value;

    public bool Equals(Secret? other) => other is not null && string.Equals(_value, other._value, StringComparison.Ordinal);

    public override bool Equals(object? obj) => Equals(obj as Secret);

    public override int GetHashCode() => string.GetHashCode(_value, StringComparison.Ordinal);

    public override string ToString() => IsEmpty ? "" : Mask;
}
