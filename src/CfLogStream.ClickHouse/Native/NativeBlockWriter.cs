using System.Text;

namespace CfLogStream.ClickHouse.Native;

/// <summary>Writes rows of columns as one block of ClickHouse's Native format.</summary>
/// <remarks>
/// Block = varuint columns, varuint rows, then per column: name, type, data. There is no block info and no per-column serialization byte:
/// that is how the server reads and writes <c>FORMAT Native</c> over HTTP (protocol revision 0).
/// </remarks>
internal static class NativeBlockWriter
{
    private const int FlushBytes = 256 * 1024;

    /// <summary>Writes rows of the named columns; <paramref name="scratch"/> is overwritten.</summary>
    public static async ValueTask WriteAsync(
        Stream destination,
        IReadOnlyList<NamedColumn> columns,
        int start,
        int count,
        ByteBuffer scratch,
        CancellationToken cancellationToken)
    {
        scratch.Clear();
        scratch.WriteVarUInt((uint)columns.Count);
        scratch.WriteVarUInt((uint)count);
        for (int i = 0; i < columns.Count; i++)
        {
            WriteColumn(columns[i], start, count, scratch);
            if (scratch.Length >= FlushBytes)
            {
                await destination.WriteAsync(scratch.Memory, cancellationToken).ConfigureAwait(false);
                scratch.Clear();
            }
        }

        await destination.WriteAsync(scratch.Memory, cancellationToken).ConfigureAwait(false);
    }

    private static void WriteColumn(in NamedColumn column, int start, int count, ByteBuffer destination)
    {
        WriteAscii(column.Name, destination);
        WriteAscii(column.Column.Type, destination);
        column.Column.WritePrefix(destination);
        column.Column.WriteRows(destination, start, count);
    }

    private static void WriteAscii(string text, ByteBuffer destination)
    {
        destination.WriteVarUInt((uint)text.Length);
        destination.Advance(Encoding.ASCII.GetBytes(text, destination.Reserve(text.Length)));
    }
}
