using System.Text;
using System.Text.Unicode;
using CfLogStream.ClickHouse.Embedded.Engine;
using CfLogStream.ClickHouse.Embedded.Sql;

namespace CfLogStream.ClickHouse.Embedded.Http;

/// <summary>
/// What a read-only user may send. The engine does most of it: its parser says whether a statement only reads, the role <c>reader</c>
/// has no right to write or to reach files, URLs and servers, and <c>readonly = 1</c> keeps the statement from changing settings, some
/// of which name files. Here is what the engine leaves open: functions that reach outside and need no right, and settings in the URL.
/// </summary>
internal sealed class ReaderRules
{
    // Of the 1,500 functions of the engine these read files, load models or call services, and have no right of their own.
    // A function's name can stand bare, in quotes, as an argument (arrayMap(file, …)) and in APPLY, so any mention is refused.
    // Mentions are looked for in the statement as the engine itself writes it out again: without comments and with one kind of quotes,
    // so that no difference between this program's reading and the engine's can hide one.
    private static readonly HashSet<string> s_functions = new(StringComparer.OrdinalIgnoreCase)
    {
        "file", "catboostEvaluate", "showCertificate", "generateSerialID",
        "aiClassify", "aiEmbed", "aiExtract", "aiGenerate", "aiTranslate",
        "naiveBayesClassifier", "naiveBayesClassifierWithProb", "naiveBayesClassifierWithAllProbs",
    };

    // Table functions that reach nothing outside. All others of the engine are refused by name, before the engine sees them: some of
    // them act before they ask for the right (sqlite makes the file).
    private const string HarmlessTableFunctions =
        "'numbers', 'numbers_mt', 'zeros', 'zeros_mt', 'primes', 'generate_series', 'generateSeries', 'generateRandom', 'values', 'null', "
        + "'view', 'merge', 'format', 'loop', 'mergeTreeIndex', 'mergeTreeProjection'";

    // Reading this table signals every thread of the process.
    private static readonly HashSet<string> s_tables = new(StringComparer.OrdinalIgnoreCase) { "stack_trace" };

    private static readonly HashSet<string> s_settings = new(StringComparer.Ordinal)
    {
        "max_execution_time", "max_result_rows", "max_result_bytes", "max_rows_to_read", "max_bytes_to_read", "max_rows_to_group_by",
        "max_threads", "max_block_size", "max_ast_elements", "max_ast_depth", "max_expanded_ast_elements",
        "result_overflow_mode", "read_overflow_mode", "timeout_overflow_mode", "group_by_overflow_mode", "join_overflow_mode",
        "connect_timeout", "receive_timeout", "send_timeout", "http_receive_timeout", "http_send_timeout", "http_connection_timeout",
        "session_timezone", "date_time_output_format", "extremes", "totals_mode", "final", "limit", "offset", "join_use_nulls",
        "transform_null_in", "union_default_mode", "enable_analyzer", "allow_experimental_analyzer", "use_query_cache",
        "use_uncompressed_cache", "log_queries", "log_comment", "prefer_column_name_to_alias", "aggregate_functions_null_for_empty",
        "additional_result_filter", "force_primary_key", "force_index_by_date", "optimize_read_in_order",
        "cancel_http_readonly_queries_on_client_close",
    };

    private readonly HashSet<string> _tableFunctions;

    /// <summary>Reads the names of the engine's table functions.</summary>
    public ReaderRules(EngineConnection connection) => _tableFunctions = new HashSet<string>(
        connection.QueryText($"SELECT name FROM system.table_functions WHERE name NOT IN ({HarmlessTableFunctions})").Split('\n'),
        StringComparer.OrdinalIgnoreCase);

    /// <summary>Refuses a request that a read-only user may not send.</summary>
    /// <exception cref="EngineException">It may not.</exception>
    public void Check(EmbeddedUser user, RequestParameters parameters, EngineConnection connection, ReadOnlySpan<byte> statement)
    {
        foreach ((string name, _) in parameters.Settings)
        {
            if (!s_settings.Contains(name)
                && (!name.StartsWith("output_format_", StringComparison.Ordinal) || name == "output_format_schema"))
            {
                throw new EngineException(
                    EngineErrorCode.Readonly, "READONLY", $"{user.Name}: Cannot modify '{name}' setting in readonly mode");
            }
        }

        RequireReading(user, connection, statement, "");
        bool namesAreParameters = CheckTokens(user, Canonical(connection, statement));
        if (namesAreParameters)
        {
            foreach ((_, string value) in parameters.Values.Pairs)
            {
                CheckTokens(user, Encoding.UTF8.GetBytes(value));
            }
        }
    }

    /// <summary>Refuses a statement that does more than read.</summary>
    /// <exception cref="EngineException">It does, or it is not exactly one statement.</exception>
    public static void RequireReading(EmbeddedUser user, EngineConnection connection, ReadOnlySpan<byte> statement, string advice)
    {
        LibChdb.QueryAnalysis analysis = connection.Classify(statement);
        if (analysis.QueryClass == LibChdb.UnknownClass)
        {
            // Says what is wrong with it, without running it.
            connection.RequireParsable(statement);
        }

        if (analysis.QueryClass != LibChdb.ReadOnlyClass || analysis.StatementCount != 1)
        {
            throw new EngineException(
                EngineErrorCode.Readonly, "READONLY",
                $"{user.Name}: Cannot execute query in readonly mode: only one statement, and one that only reads, is allowed{advice}");
        }
    }

    private static byte[] Canonical(EngineConnection connection, ReadOnlySpan<byte> statement)
    {
        // What is no UTF-8 would reach the engine as another text here than when it runs.
        if (!Utf8.IsValid(statement))
        {
            throw new EngineException(EngineErrorCode.SyntaxError, "SYNTAX_ERROR", "The statement is not valid UTF-8");
        }

        string value = EngineText.ParameterValue(Encoding.UTF8.GetString(statement));
        using ResultHandle canonical = connection.Query(
            "SELECT formatQuerySingleLine({statement:String})"u8, "TabSeparatedRaw", new QueryParameters([new("statement", value)]));
        return canonical.Bytes.ToArray();
    }

    // Returns whether the statement has placeholders for names, {x:Identifier}.
    private bool CheckTokens(EmbeddedUser user, ReadOnlySpan<byte> text)
    {
        var tokens = new SqlTokenizer(text);
        bool hasIdentifiers = false;
        string called = "";
        while (tokens.Read(out SqlToken token))
        {
            if (tokens.Is(token, '(') && _tableFunctions.Contains(called))
            {
                Refuse(user, called);
            }

            called = "";
            if (token.Kind is not (SqlTokenKind.Word or SqlTokenKind.QuotedIdentifier))
            {
                continue;
            }

            string name = tokens.NameOf(token);
            if (s_functions.Contains(name) || s_tables.Contains(name))
            {
                Refuse(user, name);
            }

            called = name;

            hasIdentifiers |= name.Equals("Identifier", StringComparison.OrdinalIgnoreCase);
        }

        return hasIdentifiers;
    }

    private static void Refuse(EmbeddedUser user, string name) => throw new EngineException(
        EngineErrorCode.AccessDenied, "ACCESS_DENIED",
        $"{user.Name}: Not enough privileges. The name '{name}' may not be used by a read-only user: it reaches outside the tables");
}
