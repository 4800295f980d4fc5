using System.Runtime.InteropServices;
using System.Text;

namespace CfLogStream.Benchmarks.Peers;

/// <summary>The ClickHouse engine (libchdb) in this process, without anything of ours around it.</summary>
internal sealed class ClickHouseEngine : IDisposable
{
    private readonly nint _library;
    private readonly nint _connection;

    /// <param name="folder">Where its tables lie; null for memory.</param>
    public ClickHouseEngine(string? folder = null)
    {
        _library = NativeLibrary.Load(Library());
        Export<SetSignalHandlers>("chdb_set_signal_handlers_enabled")(0);
        nint[] arguments =
        [
            .. (folder is null ? ["peer"] : (string[])["peer", $"--path={folder}"]).Select(Marshal.StringToCoTaskMemUTF8),
        ];
        _connection = Export<Connect>("chdb_connect")(arguments.Length, arguments);
        Array.ForEach(arguments, Marshal.FreeCoTaskMem);
        if (_connection == 0)
        {
            throw new InvalidOperationException($"The ClickHouse engine does not start with '{folder}'.");
        }
    }

    private delegate void SetSignalHandlers(int enabled);

    private delegate nint Connect(int count, nint[] arguments);

    private delegate void Close(nint connection);

    private delegate nint RunQuery(nint connection, byte[] query, nint queryLength, byte[] format, nint formatLength);

    private delegate nint ResultText(nint result);

    private delegate void DestroyResult(nint result);

    /// <summary>Runs a statement and returns its rows as tab separated text.</summary>
    public string Query(string sql)
    {
        byte[] statement = Encoding.UTF8.GetBytes(sql);
        nint result = Export<RunQuery>("chdb_query_n")(Marshal.ReadIntPtr(_connection), statement, statement.Length, "TSV"u8.ToArray(), 3);
        try
        {
            nint error = Export<ResultText>("chdb_result_error")(result);
            return error == 0
                ? Marshal.PtrToStringUTF8(Export<ResultText>("chdb_result_buffer")(result)) ?? ""
                : throw new InvalidOperationException(Marshal.PtrToStringUTF8(error));
        }
        finally
        {
            Export<DestroyResult>("chdb_destroy_query_result")(result);
        }
    }

    public void Dispose() => Export<Close>("chdb_close_conn")(_connection);

    /// <summary>The engine's library: named by the environment, beside the program, or where the build noted it.</summary>
    private static string Library()
    {
        string beside = Path.Combine(AppContext.BaseDirectory, "libchdb.so");
        return Environment.GetEnvironmentVariable("CFLOGSTREAM_LIBCHDB")
            ?? (File.Exists(beside) ? beside : File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "libchdb.path")).Trim());
    }

    private T Export<T>(string name)
        where T : Delegate => Marshal.GetDelegateForFunctionPointer<T>(NativeLibrary.GetExport(_library, name));
}
