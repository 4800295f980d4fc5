namespace CfLogStream.Core.Logpush.Shapes;

/// <summary>One member of an object whose shape is being learnt: its key without quotes, as logged, and what its value was.</summary>
internal readonly record struct Member(byte[] Key, MemberKind Kind)
{
    /// <summary>Returns the kind that covers both.</summary>
    public static MemberKind Cover(MemberKind left, MemberKind right) =>
        left == right ? left
        : left == MemberKind.Nested || right == MemberKind.Nested ? MemberKind.Nested
        : MemberKind.Other;
}
