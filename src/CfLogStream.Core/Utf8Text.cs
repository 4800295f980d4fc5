using System.Text;

namespace CfLogStream.Core;

/// <summary>An immutable text kept as UTF-8: what dimensions and row values are made of.</summary>
/// <remarks>The bytes are owned by the value and never change; the default value is the empty text.</remarks>
public readonly struct Utf8Text : IEquatable<Utf8Text>
{
    private readonly byte[]? _bytes;

    private Utf8Text(byte[] bytes)
    {
        _bytes = bytes;
    }

    /// <summary>The bytes.</summary>
    public ReadOnlySpan<byte> Span => _bytes;

    /// <summary>The length in bytes.</summary>
    public int Length => _bytes?.Length ?? 0;

    /// <summary>Copies UTF-8 bytes into a text of their own.</summary>
    public static Utf8Text Copy(ReadOnlySpan<byte> utf8) => utf8.IsEmpty ? default : new Utf8Text(utf8.ToArray());

    public static implicit operator Utf8Text(string value) => FromString(value);

    /// <summary>Encodes a string.</summary>
    public static Utf8Text FromString(string value) => string.IsNullOrEmpty(value) ? default : new Utf8Text(Encoding.UTF8.GetBytes(value));

    public static bool operator ==(Utf8Text left, Utf8Text right) => left.Equals(right);

    public static bool operator !=(Utf8Text left, Utf8Text right) => !left.Equals(right);

    public bool Equals(Utf8Text other) => Span.SequenceEqual(other.Span);

    public override bool Equals(object? obj) => obj is Utf8Text other && Equals(other);

    /// <summary>A hash for in-memory sets only: it differs between processes and never reaches a row.</summary>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.AddBytes(Span);
        return hash.ToHashCode();
    }

    public override string ToString() => Encoding.UTF8.GetString(Span);
}
