using System.Globalization;
using System.Xml.Linq;

namespace CfLogStream.ClickHouse.Embedded.Engine;

/// <summary>
/// The engine's configuration files. The engine has one user, <c>default</c>, without rights of its own: they come from two roles, and
/// a session of a read-only user takes the role <c>reader</c> before the first statement. Users and passwords are the web server's matter.
/// </summary>
internal static class EngineConfiguration
{
    public const string ReaderRole = "reader";

    /// <summary>Writes the files into a folder and returns the path of the main one.</summary>
    public static string Write(string folder, EmbeddedClickHouseOptions options)
    {
        string users = Path.Combine(folder, "engine-users.xml");
        Users().Save(users);
        string main = Path.Combine(folder, "engine-config.xml");
        Main(users, options).Save(main);
        return main;
    }

    /// <summary>Returns the arguments of a connection.</summary>
    public static List<string> Arguments(string storage, string configuration, EmbeddedClickHouseOptions options) =>
    [
        "cflogstream",
        "--path=" + storage,
        "--config-file=" + configuration,
        "--implicit_select=0",
        "--allow_introspection_functions=0",
        "--max_threads=" + Number(options.Threads),
        "--max_query_size=" + Number(options.MaxQueryBytes),
        "--max_execution_time=" + options.MaxExecutionTime.TotalSeconds.ToString(CultureInfo.InvariantCulture),
        "--max_memory_usage=" + Number(options.MaxStatementMemoryBytes),
        "--async_insert=0",
    ];

    private static XDocument Main(string users, EmbeddedClickHouseOptions options)
    {
        long cache = Math.Clamp(options.MaxMemoryBytes / 16, 8L << 20, 256L << 20);
        return new XDocument(new XElement(
            "clickhouse",
            new XElement("users_config", users),
            new XElement("max_server_memory_usage", Number(options.MaxMemoryBytes)),
            new XElement("mark_cache_size", Number(cache)),
            new XElement("primary_index_cache_size", Number(cache)),
            new XElement("uncompressed_cache_size", "0"),
            new XElement("mmap_cache_size", "0"),
            new XElement("query_condition_cache_size", Number(cache / 8)),
            new XElement("max_thread_pool_size", "1000"),
            new XElement("max_thread_pool_free_size", "0"),
            new XElement("background_pool_size", "2"),
            new XElement("background_schedule_pool_size", "2")));
    }

    private static XDocument Users() => new(new XElement(
        "clickhouse",
        new XElement("profiles", new XElement("default")),
        new XElement("quotas", new XElement("default")),
        new XElement(
            "roles",
            new XElement("owner", Grants("GRANT ALL ON *.* WITH GRANT OPTION")),
            new XElement(ReaderRole, Grants("GRANT SELECT ON *.*", "GRANT SHOW ON *.*"))),
        new XElement(
            "users",
            new XElement(
                "default",
                new XElement("no_password"),
                new XElement("networks", new XElement("ip", "::/0")),
                new XElement("profile", "default"),
                new XElement("quota", "default"),
                Grants("GRANT owner, " + ReaderRole)))));

    private static XElement Grants(params string[] grants) =>
        new("grants", grants.Select(static grant => new XElement("query", grant)));

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
