using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace CfLogStream.Core.Logpush.Shapes;

/// <summary>Takes a well-formed object apart to learn its shape. Not on the hot path: a job's shape is learnt once.</summary>
internal static class ShapeBuilder
{
    private const int MaxNumberBytes = 31;

    private static readonly SearchValues<byte> s_number = SearchValues.Create("0123456789."u8);

    /// <summary>Lists the members of the well-formed object that <paramref name="json"/> is; false when its shape cannot be learnt:
    /// white space between its parts, escaped or overlong keys, too many members, or none.</summary>
    public static bool TryRead(ReadOnlySpan<byte> json, int maxMembers, [NotNullWhen(true)] out Member[]? members)
    {
        members = null;
        var found = new List<Member>();
        int i = 1;
        while (i < json.Length && json[i] == (byte)'"' && found.Count < maxMembers)
        {
            int quote = JsonText.IndexOfClosingQuote(json, i + 1, out bool escaped);
            ReadOnlySpan<byte> key = json[(i + 1)..quote];
            if (escaped || key.Length > MemberRun.MaxKeyBytes || json[quote + 1] != (byte)':')
            {
                return false;
            }

            int end = JsonValue.SkipValue(json, quote + 2);
            if (end <= quote + 2)
            {
                return false;
            }

            found.Add(new Member(key.ToArray(), KindOf(json[(quote + 2)..end])));
            if (end == json.Length - 1 && json[end] == (byte)'}')
            {
                members = [.. found];
                return true;
            }

            if (json[end] != (byte)',')
            {
                return false;
            }

            i = end + 1;
        }

        return false;
    }

    private static MemberKind KindOf(ReadOnlySpan<byte> value) => value[0] switch
    {
        (byte)'"' => MemberKind.Text,
        (byte)'{' or (byte)'[' => value.IndexOf("\":"u8) >= 0 ? MemberKind.Nested : MemberKind.Other,
        >= (byte)'0' and <= (byte)'9' when value.Length <= MaxNumberBytes && !value.ContainsAnyExcept(s_number) => MemberKind.Number,
        _ => MemberKind.Other,
    };
}
