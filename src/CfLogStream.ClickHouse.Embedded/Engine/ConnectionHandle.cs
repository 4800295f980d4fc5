using System.Runtime.InteropServices;

namespace CfLogStream.ClickHouse.Embedded.Engine;

/// <summary>One connection to the engine of this process. The handle is what calls take; closing needs the pointer to it.</summary>
internal sealed unsafe class ConnectionHandle : SafeHandle
{
    private readonly nint* _connection;

    public ConnectionHandle(nint* connection)
        : base(0, ownsHandle: true)
    {
        _connection = connection;
        SetHandle(*connection);
    }

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        LibChdb.CloseConnection(_connection);
        return true;
    }
}
