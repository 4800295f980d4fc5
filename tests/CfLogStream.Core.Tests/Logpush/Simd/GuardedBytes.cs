using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace CfLogStream.Core.Tests.Logpush.Simd;

/// <summary>A byte array with an inaccessible page right before it or right behind it: one read too far ends the process.</summary>
/// <remarks>
/// Layout: inaccessible page, accessible pages, inaccessible page. The array is an object like any other (header, type, length, bytes)
/// that stands at one end of the accessible pages; the collector leaves alone what is outside its heap. So everything that takes an array
/// runs on it as it does in production. Before the bytes stand the 24 bytes of the object itself.
/// </remarks>
internal sealed class GuardedBytes : IDisposable
{
    private const int PageBytes = 4096;
    private const int HeaderBytes = 8;
    private const int BytesBeforeData = 24;
    private const int None = 0;
    private const int ReadAndWrite = 3;
    private const int PrivateAnonymous = 0x22;

    private readonly nint _pages;
    private readonly nuint _mapped;

    /// <summary>Makes an array of zeros.</summary>
    /// <param name="length">Its length; a multiple of 8, so that it can end where the page does.</param>
    /// <param name="guardBehind">Whether it ends at the page behind it; otherwise it begins at the page before it.</param>
    public GuardedBytes(int length, bool guardBehind)
    {
        Assert.Equal(0, length % 8);
        int accessible = (length + BytesBeforeData + PageBytes - 1) / PageBytes * PageBytes;
        _mapped = (nuint)(accessible + (2 * PageBytes));
        _pages = Map(0, _mapped, None, PrivateAnonymous, -1, 0);
        Assert.NotEqual(-1, _pages);
        Assert.Equal(0, Protect(_pages + PageBytes, (nuint)accessible, ReadAndWrite));

        nint start = _pages + PageBytes + (guardBehind ? accessible - length - BytesBeforeData : 0) + HeaderBytes;
        Marshal.WriteIntPtr(start, typeof(byte[]).TypeHandle.Value);
        Marshal.WriteInt32(start + nint.Size, length);
        Array = Unsafe.As<nint, byte[]>(ref start);
        Assert.Equal(length, Array.Length);
    }

    /// <summary>The array; of no use once this is disposed.</summary>
    public byte[] Array { get; }

    /// <summary>Whether the pages on both sides are inaccessible, as the system sees it.</summary>
    public bool IsGuarded()
    {
        string before = $"{_pages:x}-{_pages + PageBytes:x} ---p";
        string behind = $"{_pages + (nint)_mapped - PageBytes:x}-";
        string[] maps = [.. File.ReadLines("/proc/self/maps").Select(line => line.TrimStart('0'))];
        return maps.Any(line => line.StartsWith(before, StringComparison.Ordinal))
            && maps.Any(line => line.StartsWith(behind, StringComparison.Ordinal) && line.Contains(" ---p ", StringComparison.Ordinal));
    }

    public void Dispose() => Assert.Equal(0, Unmap(_pages, _mapped));

    [DllImport("libc", EntryPoint = "mmap")]
    private static extern nint Map(nint address, nuint length, int protection, int flags, int file, nint offset);

    [DllImport("libc", EntryPoint = "mprotect")]
    private static extern int Protect(nint address, nuint length, int protection);

    [DllImport("libc", EntryPoint = "munmap")]
    private static extern int Unmap(nint address, nuint length);
}
