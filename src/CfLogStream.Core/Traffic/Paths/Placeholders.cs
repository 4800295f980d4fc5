namespace CfLogStream.Core.Traffic.Paths;

/// <summary>The words that stand for variable segments in templates.</summary>
internal static class Placeholders
{
    public static ReadOnlySpan<byte> Id => "{id}"u8;

    public static ReadOnlySpan<byte> Date => "{date}"u8;

    public static ReadOnlySpan<byte> Time => "{time}"u8;

    public static ReadOnlySpan<byte> Num => "{num}"u8;

    public static ReadOnlySpan<byte> Ip => "{ip}"u8;

    public static ReadOnlySpan<byte> Email => "{email}"u8;

    public static ReadOnlySpan<byte> Text => "{text}"u8;

    /// <summary>For <c>@scope</c> and <c>@user</c>.</summary>
    public static ReadOnlySpan<byte> AtName => "@{name}"u8;

    /// <summary>For a call's arguments, as in OData's <c>Users(42)</c>.</summary>
    public static ReadOnlySpan<byte> Call => "({id})"u8;

    /// <summary>True for a placeholder that can be a whole dot part of a template.</summary>
    public static bool IsPlaceholder(ReadOnlySpan<byte> text) => text.Length switch
    {
        3 => text.SequenceEqual("{*}"u8),
        4 => text.SequenceEqual(Id) || text.SequenceEqual(Ip),
        5 => text.SequenceEqual(Num),
        6 => text.SequenceEqual(Date) || text.SequenceEqual(Time) || text.SequenceEqual(Text),
        7 => text.SequenceEqual(Email) || text.SequenceEqual(AtName) || text.SequenceEqual("{other}"u8),
        _ => false,
    };
}
