using System.Buffers;
using Microsoft.Win32.SafeHandles;

namespace CfLogStream.Server.Spool;

/// <summary>Finds records in a segment, behind damage too.</summary>
internal static class SegmentScan
{
    private const int WindowBytes = 1024 * 1024;

    /// <summary>Reads the header at a position; false when there is none, or its value would end behind the limit.</summary>
    public static bool TryReadHeader(SafeFileHandle file, long position, long limit, long seed, out SpoolRecord record)
    {
        Span<byte> bytes = stackalloc byte[SpoolRecord.HeaderBytes];
        if (limit - position < bytes.Length || RandomAccess.Read(file, bytes, position) < bytes.Length)
        {
            record = default;
            return false;
        }

        return SpoolRecord.TryRead(bytes, seed, out record) && position + SpoolRecord.HeaderBytes + record.Length <= limit;
    }

    /// <summary>Finds the first whole record that begins at a position or behind it.</summary>
    /// <returns>Where it begins; the limit when there is none.</returns>
    public static long FindNext(SafeFileHandle file, long position, long limit, long seed)
    {
        byte[] window = ArrayPool<byte>.Shared.Rent(WindowBytes);
        try
        {
            while (limit - position >= SpoolRecord.HeaderBytes)
            {
                int length = RandomAccess.Read(file, window.AsSpan(0, (int)Math.Min(WindowBytes, limit - position)), position);
                int at = SpoolRecord.MarkerAt;
                while (at < length)
                {
                    int marker = window.AsSpan(at, length - at).IndexOf(SpoolRecord.Marker);
                    if (marker < 0)
                    {
                        break;
                    }

                    long candidate = position + at + marker - SpoolRecord.MarkerAt;
                    if (TryReadHeader(file, candidate, limit, seed, out _))
                    {
                        return candidate;
                    }

                    at += marker + 1;
                }

                if (length < WindowBytes)
                {
                    break;
                }

                // A marker may be cut by the end of the window.
                position += length - SpoolRecord.HeaderBytes;
            }

            return limit;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(window);
        }
    }

    /// <summary>Whether all bytes between two positions are zero.</summary>
    public static bool IsZero(SafeFileHandle file, long position, long end)
    {
        byte[] window = ArrayPool<byte>.Shared.Rent(WindowBytes);
        try
        {
            while (position < end)
            {
                int length = RandomAccess.Read(file, window.AsSpan(0, (int)Math.Min(WindowBytes, end - position)), position);
                if (length == 0 || window.AsSpan(0, length).ContainsAnyExcept((byte)0))
                {
                    return length == 0;
                }

                position += length;
            }

            return true;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(window);
        }
    }
}
