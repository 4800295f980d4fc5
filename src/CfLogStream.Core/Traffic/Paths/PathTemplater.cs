namespace CfLogStream.Core.Traffic.Paths;

/// <summary>Turns request paths into templates by syntax alone: <c>/v1/users/42</c> becomes <c>/v1/users/{id}</c>.</summary>
/// <remarks>
/// A pure function of the bytes, so a path has the same template in every process and for ever. Any bytes are accepted. One pass finds and
/// classes each segment, one more judges those that are no short word; nothing is allocated. Segments are decoded once for judging, never
/// split by an encoded slash. A code behind <c>reset</c>, <c>invite</c> and the like (see <see cref="SecretMask"/>) is an id even when
/// it is short, so no template holds one. At most ten segments are looked at; judging a segment looks at 256 decoded bytes at most.
/// </remarks>
public static class PathTemplater
{
    /// <summary>Segments in a template before it is cut with <c>…</c>.</summary>
    public const int MaxSegments = 10;

    /// <summary>The room that <see cref="Write"/> needs at most.</summary>
    public const int MaxTemplateBytes = (MaxSegments * (SegmentTemplater.MaxOutput + 1)) + 4;

    private const int EncodedBytes = SegmentTemplater.MaxInput;

    /// <summary>Writes the template of a request path or URI and returns its length.</summary>
    /// <remarks>The destination must have room for <see cref="MaxTemplateBytes"/>.</remarks>
    public static int Write(ReadOnlySpan<byte> path, Span<byte> destination)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(destination.Length, MaxTemplateBytes, nameof(destination));
        int written = 0;
        bool armed = false;
        var segments = new PathSegments(path);
        for (int count = 0; segments.MoveNext(); count++)
        {
            destination[written++] = (byte)'/';
            if (count == MaxSegments)
            {
                "…"u8.CopyTo(destination[written..]);
                return written + 3;
            }

            int length = WriteSegment(segments.Current, segments.Seen, destination[written..]);
            written += HideCode(destination.Slice(written, SegmentTemplater.MaxOutput), length, ref armed);
        }

        if (written == 0)
        {
            destination[written++] = (byte)'/';
        }

        return written;
    }

    // What stands behind 'reset' or 'invite' and is no word is a secret, however short: it must not become part of a template.
    private static int HideCode(Span<byte> segment, int length, ref bool armed)
    {
        if (!armed)
        {
            armed = length >= SecretNames.MinSegment && SecretNames.IsSegment(segment[..length]);
            return length;
        }

        bool variable = segment[..length].Contains((byte)'{');
        if (variable && Placeholders.IsPlaceholder(segment[..length]))
        {
            return length;
        }

        // ABC{id} would give away the beginning.
        if (variable || SecretShape.IsCode(segment[..length]))
        {
            Placeholders.Id.CopyTo(segment);
            return Placeholders.Id.Length;
        }

        armed = SecretNames.IsSegment(segment[..length]);
        return length;
    }

    private static int WriteSegment(ReadOnlySpan<byte> segment, ByteClass seen, Span<byte> destination)
    {
        if ((seen & ByteClass.Odd) != 0 && segment.Contains((byte)'%'))
        {
            return WriteEncoded(segment, destination);
        }

        return segment.Length > SegmentTemplater.MaxInput
            ? SegmentTemplater.WriteLong(segment[..SegmentTemplater.MaxInput], destination)
            : SegmentTemplater.Write(segment, seen, destination);
    }

    private static int WriteEncoded(ReadOnlySpan<byte> segment, Span<byte> destination)
    {
        Span<byte> buffer = stackalloc byte[EncodedBytes];
        ReadOnlySpan<byte> decoded = buffer[..PercentCode.Decode(segment, buffer, out bool whole)];
        return whole
            ? SegmentTemplater.Write(decoded, ByteClasses.Of(decoded), destination)
            : SegmentTemplater.WriteLong(decoded, destination);
    }
}
