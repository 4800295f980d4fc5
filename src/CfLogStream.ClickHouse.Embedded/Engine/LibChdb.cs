using System.Runtime.InteropServices;

namespace CfLogStream.ClickHouse.Embedded.Engine;

/// <summary>
/// The C ABI of libchdb 26.7. Sizes are 64-bit, strings are UTF-8 with an explicit length, handles are opaque.
/// All calls may come from any thread, but one connection runs one statement at a time.
/// </summary>
internal static unsafe partial class LibChdb
{
    public const string Name = "chdb";

    /// <summary>Classes of a statement as <see cref="ClassifyQuery"/> reports them.</summary>
    public const uint ReadOnlyClass = 0;

    /// <summary>The class of what did not parse, or of a statement that the engine cannot class.</summary>
    public const uint UnknownClass = 4;

    [LibraryImport(Name, EntryPoint = "chdb_set_signal_handlers_enabled")]
    public static partial void SetSignalHandlersEnabled(int enabled);

    // Answers a pointer to the handle that every other call takes; null when the engine refuses.
    [LibraryImport(Name, EntryPoint = "chdb_connect")]
    public static partial nint* Connect(int count, byte** arguments);

    [LibraryImport(Name, EntryPoint = "chdb_close_conn")]
    public static partial void CloseConnection(nint* connection);

    [LibraryImport(Name, EntryPoint = "chdb_query_with_params_n")]
    public static partial ResultHandle QueryWithParameters(
        ConnectionHandle connection, byte* query, nuint queryLength, byte* format, nuint formatLength,
        byte** names, nuint* nameLengths, byte** values, nuint* valueLengths, nuint count);

    [LibraryImport(Name, EntryPoint = "chdb_stream_query_with_params_n")]
    public static partial ResultHandle StreamQueryWithParameters(
        ConnectionHandle connection, byte* query, nuint queryLength, byte* format, nuint formatLength,
        byte** names, nuint* nameLengths, byte** values, nuint* valueLengths, nuint count);

    [LibraryImport(Name, EntryPoint = "chdb_stream_fetch_result")]
    public static partial ResultHandle FetchResult(ConnectionHandle connection, ResultHandle stream);

    [LibraryImport(Name, EntryPoint = "chdb_stream_cancel_query")]
    public static partial void CancelQuery(ConnectionHandle connection, ResultHandle stream);

    [LibraryImport(Name, EntryPoint = "chdb_destroy_query_result")]
    public static partial void DestroyResult(nint result);

    [LibraryImport(Name, EntryPoint = "chdb_result_buffer")]
    public static partial byte* ResultBuffer(ResultHandle result);

    [LibraryImport(Name, EntryPoint = "chdb_result_length")]
    public static partial nuint ResultLength(ResultHandle result);

    [LibraryImport(Name, EntryPoint = "chdb_result_rows_read")]
    public static partial ulong ResultRows(ResultHandle result);

    [LibraryImport(Name, EntryPoint = "chdb_result_bytes_read")]
    public static partial ulong ResultBytes(ResultHandle result);

    [LibraryImport(Name, EntryPoint = "chdb_result_storage_rows_read")]
    public static partial ulong ResultStorageRowsRead(ResultHandle result);

    [LibraryImport(Name, EntryPoint = "chdb_result_storage_bytes_read")]
    public static partial ulong ResultStorageBytesRead(ResultHandle result);

    [LibraryImport(Name, EntryPoint = "chdb_result_rows_written")]
    public static partial ulong ResultRowsWritten(ResultHandle result);

    [LibraryImport(Name, EntryPoint = "chdb_result_bytes_written")]
    public static partial ulong ResultBytesWritten(ResultHandle result);

    [LibraryImport(Name, EntryPoint = "chdb_result_error")]
    public static partial byte* ResultError(ResultHandle result);

    [LibraryImport(Name, EntryPoint = "chdb_stream_insert_with_params_n")]
    public static partial InsertStreamHandle StreamInsertWithParameters(
        ConnectionHandle connection, byte* query, nuint queryLength, byte* format, nuint formatLength,
        byte** names, nuint* nameLengths, byte** values, nuint* valueLengths, nuint count);

    [LibraryImport(Name, EntryPoint = "chdb_stream_insert_error")]
    public static partial byte* InsertError(InsertStreamHandle stream);

    // 0 when taken; blocks while the engine is behind.
    [LibraryImport(Name, EntryPoint = "chdb_stream_append")]
    public static partial int Append(InsertStreamHandle stream, byte* data, nuint length);

    [LibraryImport(Name, EntryPoint = "chdb_stream_done")]
    public static partial ResultHandle FinishInsert(InsertStreamHandle stream);

    [LibraryImport(Name, EntryPoint = "chdb_stream_cancel_insert")]
    public static partial void CancelInsert(InsertStreamHandle stream);

    [LibraryImport(Name, EntryPoint = "chdb_destroy_insert_stream")]
    public static partial void DestroyInsertStream(nint stream);

    [LibraryImport(Name, EntryPoint = "chdb_classify_query_n")]
    public static partial int ClassifyQuery(
        ConnectionHandle connection, byte* query, nuint queryLength, byte* database, nuint databaseLength, QueryAnalysis* analysis);

    /// <summary>What chdb_classify_query_n fills in; <see cref="StructSize"/> is set by the caller.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct QueryAnalysis
    {
        public uint StructSize;
        public uint StatementCount;
        public uint Flags;
        public uint QueryClass;
    }
}
