using System.Globalization;
using System.Security;

namespace CfLogStream.ClickHouse.Embedded.Engine;

/// <summary>
/// The engine's configuration files. The engine has one user, <c>default</c>, without rights of its own: they come from two roles, and
/// a session of a read-only user takes the role <c>reader</c> before the first statement. Users and passwords are the web server's matter.
/// </summary>
internal static class EngineConfiguration
{
    public const string ReaderRole = "reader";

    /// <summary>Threads that wait for the next statement instead of ending with the last one.</summary>
    private const int FreeThreads = 32;

    private const string Users = $"""
        <clickhouse>
          <profiles><default/></profiles>
          <quotas><default/></quotas>
          <roles>
            <owner><grants><query>GRANT ALL ON *.* WITH GRANT OPTION</query></grants></owner>
            <{ReaderRole}><grants><query>GRANT SELECT ON *.*</query><query>GRANT SHOW ON *.*</query></grants></{ReaderRole}>
          </roles>
          <users>
            <default>
              <no_password/>
              <networks><ip>::/0</ip></networks>
              <profile>default</profile>
              <quota>default</quota>
              <grants><query>GRANT owner, {ReaderRole}</query></grants>
            </default>
          </users>
        </clickhouse>
        """;

    /// <summary>Writes the files into a folder and returns the path of the main one.</summary>
    public static string Write(string folder, EmbeddedClickHouseOptions options)
    {
        string users = Path.Combine(folder, "engine-users.xml");
        File.WriteAllText(users, Users);
        string main = Path.Combine(folder, "engine-config.xml");
        File.WriteAllText(main, Main(users, options));
        return main;
    }

    /// <summary>Returns the arguments of a connection.</summary>
    public static List<string> Arguments(DataFolder folder, string configuration, EmbeddedClickHouseOptions options) =>
    [
        "cflogstream",
        "--path=" + folder.Storage,
        "--config-file=" + configuration,
        "--implicit_select=0",
        "--allow_introspection_functions=0",
        "--max_threads=" + Number(options.Threads),
        "--max_query_size=" + Number(options.MaxQueryBytes),
        "--max_execution_time=" + options.MaxExecutionTime.TotalSeconds.ToString(CultureInfo.InvariantCulture),
        "--max_memory_usage=" + Number(options.MaxStatementMemoryBytes),
        "--async_insert=0",

        // What is removed at the end need not survive a loss of power.
        "--fsync_metadata=" + (folder.IsTemporary ? "0" : "1"),
    ];

    private static string Main(string users, EmbeddedClickHouseOptions options)
    {
        long cache = Math.Clamp(options.MaxMemoryBytes / 16, 8L << 20, 256L << 20);
        return $"""
            <clickhouse>
              <users_config>{SecurityElement.Escape(users)}</users_config>
              <max_server_memory_usage>{Number(options.MaxMemoryBytes)}</max_server_memory_usage>
              <mark_cache_size>{Number(cache)}</mark_cache_size>
              <primary_index_cache_size>{Number(cache)}</primary_index_cache_size>
              <uncompressed_cache_size>0</uncompressed_cache_size>
              <mmap_cache_size>0</mmap_cache_size>
              <query_condition_cache_size>{Number(cache / 8)}</query_condition_cache_size>
              <max_thread_pool_size>1000</max_thread_pool_size>
              <max_thread_pool_free_size>{Number(FreeThreads)}</max_thread_pool_free_size>
              <background_pool_size>2</background_pool_size>
              <background_schedule_pool_size>2</background_schedule_pool_size>
            </clickhouse>
            """;
    }

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
