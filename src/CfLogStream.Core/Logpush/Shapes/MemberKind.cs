namespace CfLogStream.Core.Logpush.Shapes;

/// <summary>What a member's value is expected to be.</summary>
internal enum MemberKind : byte
{
    /// <summary>A string.</summary>
    Text = 0,

    /// <summary>Digits, perhaps with a point and more digits: no sign, no exponent, at most 31 bytes.</summary>
    Number,

    /// <summary>Anything without a key inside: literals, arrays, odd numbers, or one of several kinds.</summary>
    Other,

    /// <summary>Perhaps an object or array with keys inside.</summary>
    Nested,
}
