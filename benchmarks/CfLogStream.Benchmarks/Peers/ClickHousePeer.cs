using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace CfLogStream.Benchmarks.Peers;

/// <summary>Asks the ClickHouse engine itself (libchdb).</summary>
/// <remarks>Runs in a process of its own, so that its time and memory can be measured.</remarks>
internal static class ClickHousePeer
{
    public static int Run(string form, string folder, TextWriter output)
    {
        nint handle = NativeLibrary.Load(Library());
        Export<SetSignalHandlers>(handle, "chdb_set_signal_handlers_enabled")(0);
        nint[] arguments = [Marshal.StringToCoTaskMemUTF8("peer")];
        nint connection = Marshal.ReadIntPtr(Export<Connect>(handle, "chdb_connect")(arguments.Length, arguments));
        string version = Query(handle, connection, "SELECT version()").Trim();
        var clock = Stopwatch.StartNew();
        long[] row = [.. Query(handle, connection, ClickHouseQuestion.Sql(folder, Enum.Parse<ClickHouseForm>(form)))
            .Split('\t', StringSplitOptions.TrimEntries).Select(value => long.Parse(value, CultureInfo.InvariantCulture))];
        var answer = new PeerAnswer(
            row[0], row[1], row[2], row[3], row[4], row[5], Seconds: clock.Elapsed.TotalSeconds, Version: $"ClickHouse {version} (libchdb)");
        output.WriteLine(answer.ToJson());
        return 0;
    }

    private static string Query(nint library, nint connection, string sql)
    {
        byte[] statement = Encoding.UTF8.GetBytes(sql);
        nint result = Export<RunQuery>(library, "chdb_query_n")(connection, statement, statement.Length, "TSV"u8.ToArray(), 3);
        nint error = Export<ResultText>(library, "chdb_result_error")(result);
        return error == 0
            ? Marshal.PtrToStringUTF8(Export<ResultText>(library, "chdb_result_buffer")(result)) ?? ""
            : throw new InvalidOperationException(Marshal.PtrToStringUTF8(error));
    }

    /// <summary>The engine's library: named by the environment, beside the program, or where the build noted it.</summary>
    private static string Library()
    {
        string beside = Path.Combine(AppContext.BaseDirectory, "libchdb.so");
        return Environment.GetEnvironmentVariable("CFLOGSTREAM_LIBCHDB")
            ?? (File.Exists(beside) ? beside : File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "libchdb.path")).Trim());
    }

    private static T Export<T>(nint library, string name)
        where T : Delegate => Marshal.GetDelegateForFunctionPointer<T>(NativeLibrary.GetExport(library, name));

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate void SetSignalHandlers(int enabled);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate nint Connect(int count, nint[] arguments);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate nint RunQuery(nint connection, byte[] query, nint queryLength, byte[] format, nint formatLength);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate nint ResultText(nint result);
}
