using System.Runtime.InteropServices;

namespace CfLogStream.ClickHouse.Embedded.Engine;

/// <summary>One INSERT that is being fed. Releasing it before it is finished cancels it.</summary>
internal sealed class InsertStreamHandle : SafeHandle
{
    public InsertStreamHandle()
        : base(0, ownsHandle: true)
    {
    }

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        LibChdb.DestroyInsertStream(handle);
        return true;
    }
}
