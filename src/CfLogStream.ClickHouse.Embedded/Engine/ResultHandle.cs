using System.Runtime.InteropServices;
using System.Text;

namespace CfLogStream.ClickHouse.Embedded.Engine;

/// <summary>One result, or one chunk of a streamed result, in memory of the engine.</summary>
internal sealed unsafe class ResultHandle : SafeHandle
{
    public ResultHandle()
        : base(0, ownsHandle: true)
    {
    }

    public override bool IsInvalid => handle == 0;

    /// <summary>Gets the bytes of the result; valid until this handle is disposed.</summary>
    public ReadOnlySpan<byte> Bytes => new(LibChdb.ResultBuffer(this), checked((int)LibChdb.ResultLength(this)));

    /// <summary>Gets the length of the result, which may exceed what one span holds.</summary>
    public long Length => checked((long)LibChdb.ResultLength(this));

    /// <summary>Gets the engine's error text, or null when there is none.</summary>
    public string? Error => ReadText(LibChdb.ResultError(this));

    /// <summary>Returns a part of the result; valid until this handle is disposed.</summary>
    public ReadOnlySpan<byte> Slice(long start, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(start + length, Length);
        return new ReadOnlySpan<byte>(LibChdb.ResultBuffer(this) + start, length);
    }

    internal static string? ReadText(byte* text) =>
        text == null ? null : Encoding.UTF8.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(text));

    protected override bool ReleaseHandle()
    {
        LibChdb.DestroyResult(handle);
        return true;
    }
}
