using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace CfLogStream.Benchmarks.Peers;

/// <summary>The same question asked of the ClickHouse engine itself: <c>file(…, JSONEachRow)</c>, join by ray, group by minute.</summary>
/// <remarks>Runs in a process of its own, so that its time and memory can be measured. Prints one line: requests, lost, groups.</remarks>
internal static class ClickHousePeer
{
    /// <summary>The question: per minute, zone, host, method and user agent, what was asked, stopped, and made by the edge.</summary>
    /// <remarks>It does less than the analysis: no duplicates by window, no templates, no classes, no distinct callers per row, no kept rows.</remarks>
    private const string Query =
        """
        SELECT sum(requests), sum(lost), count() FROM (
            SELECT toStartOfMinute(h.time) AS minute, h.ZoneName AS zone, h.ClientRequestHost AS host, h.ClientRequestMethod AS method,
                h.ClientRequestUserAgent AS agent, e.Source AS control, e.RuleID AS rule,
                count() AS requests,
                countIf(h.SecurityAction IN ('block', 'challenge', 'jschallenge', 'managedChallenge') OR e.Action IN ('drop', 'connectionclose')) AS lost,
                countIf(h.EdgeResponseStatus >= 400 AND h.OriginResponseStatus = 0) AS edge_errors,
                sum(h.EdgeResponseBytes) AS bytes, uniqCombined64(h.ClientIP) AS callers
            FROM (
                SELECT DISTINCT ON (RayID) parseDateTime64BestEffort(EdgeStartTimestamp) AS time, *
                FROM file('{0}/http_requests/**', JSONEachRow,
                    'RayID String, EdgeStartTimestamp String, ZoneName String, ClientRequestHost String, ClientRequestMethod String, ClientRequestPath String, ClientRequestUserAgent String, ClientIP String, ClientASN UInt32, ClientCountry String, ClientRequestSource String, ClientRequestURI String, ClientRequestReferer String, EdgeResponseStatus UInt16, OriginResponseStatus UInt16, EdgeResponseBytes UInt64, ClientRequestBytes UInt64, EdgeTimeToFirstByteMs UInt32, BotScore UInt8, BotScoreSrc String, WAFAttackScore UInt8, SecurityAction String, SecurityActions Array(String), SecurityRuleID String, SecurityRuleIDs Array(String), SecuritySources Array(String), VerifiedBotCategory String, JA4 String, WorkerSubrequest Bool, ParentRayID String')
                WHERE NOT WorkerSubrequest AND ClientRequestSource IN ('', 'eyeball', 'orangeToOrange')
            ) AS h
            LEFT JOIN (
                SELECT RayID, any(Source) AS Source, any(RuleID) AS RuleID, any(Action) AS Action
                FROM file('{0}/firewall_events/**', JSONEachRow,
                    'RayID String, Source String, Action String, RuleID String, Ref String, Description String, MatchIndex Int32, Datetime String, OriginatorRayID String')
                WHERE MatchIndex = 0
                GROUP BY RayID
            ) AS e ON e.RayID = h.RayID
            GROUP BY minute, zone, host, method, agent, control, rule
        )
        SETTINGS input_format_skip_unknown_fields = 1
        """;

    public static int Run(string folder, TextWriter output)
    {
        nint handle = NativeLibrary.Load(Library());
        Export<SetSignalHandlers>(handle, "chdb_set_signal_handlers_enabled")(0);
        nint[] arguments = [Marshal.StringToCoTaskMemUTF8("peer")];
        nint connection = Export<Connect>(handle, "chdb_connect")(arguments.Length, arguments);
        byte[] query = Encoding.UTF8.GetBytes(string.Format(CultureInfo.InvariantCulture, CompositeFormat.Parse(Query), folder));
        var clock = Stopwatch.StartNew();
        nint result = Export<RunQuery>(handle, "chdb_query_n")(Marshal.ReadIntPtr(connection), query, query.Length, "TSV"u8.ToArray(), 3);
        nint error = Export<ResultText>(handle, "chdb_result_error")(result);
        if (error != 0)
        {
            output.WriteLine(Marshal.PtrToStringUTF8(error));
            return 1;
        }

        output.Write(Marshal.PtrToStringUTF8(Export<ResultText>(handle, "chdb_result_buffer")(result)));
        output.WriteLine(clock.Elapsed.TotalSeconds.ToString("0.000", CultureInfo.InvariantCulture));
        return 0;
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
