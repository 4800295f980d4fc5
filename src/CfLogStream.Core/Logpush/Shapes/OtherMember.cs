namespace CfLogStream.Core.Logpush.Shapes;

/// <summary>A member whose value is neither a string nor a plain number, with the last short value it had.</summary>
internal sealed class OtherMember(int member)
{
    /// <summary>The longest value that is remembered.</summary>
    public const int MaxLength = 8;

    /// <summary>Its place in its run.</summary>
    public readonly int Member = member;

    /// <summary>The last value's length; 0 when none is remembered.</summary>
    public int LastLength;

    /// <summary>The last value's bytes, at the high end of the word.</summary>
    public ulong LastWord;

    public FieldKind LastKind;
}
