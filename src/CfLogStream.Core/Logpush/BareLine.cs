using System.Buffers;

namespace CfLogStream.Core.Logpush;

/// <summary>Recognises the lines that are no objects and yet nothing bad: what Cloudflare writes to prove that a destination
/// works.</summary>
internal static class BareLine
{
    private static readonly SearchValues<byte> s_base64Url = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"u8);

    /// <summary>Says what a line is that does not begin with a brace; white space around it is already gone.</summary>
    public static ReadStatus Recognise(ReadOnlySpan<byte> line)
    {
        if (line.SequenceEqual("test"u8))
        {
            return ReadStatus.Validation;
        }

        return IsJwt(line) ? ReadStatus.OwnershipChallenge : ReadStatus.BadJson;
    }

    /// <summary>Three base64url parts, of which the first is a JSON object and so begins with <c>eyJ</c>.</summary>
    private static bool IsJwt(ReadOnlySpan<byte> line)
    {
        if (!line.StartsWith("eyJ"u8))
        {
            return false;
        }

        int parts = 0;
        foreach (Range part in line.Split((byte)'.'))
        {
            ReadOnlySpan<byte> text = line[part];
            if (text.IsEmpty || text.ContainsAnyExcept(s_base64Url))
            {
                return false;
            }

            parts++;
        }

        return parts == 3;
    }
}
