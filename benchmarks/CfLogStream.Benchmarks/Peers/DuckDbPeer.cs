using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using DuckDB.NET.Data;

namespace CfLogStream.Benchmarks.Peers;

/// <summary>Asks DuckDB. Runs in a process of its own, so that its time and memory can be measured.</summary>
internal static class DuckDbPeer
{
    public static int Run(string folder, TextWriter output)
    {
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        using DuckDBCommand settings = Command(connection, DuckDbQuestion.Settings);
        settings.ExecuteNonQuery();
        var clock = Stopwatch.StartNew();
        using DuckDBCommand question = Command(connection, DuckDbQuestion.Sql(folder));
        using DuckDBDataReader row = question.ExecuteReader();
        row.Read();
        output.WriteLine(
            new PeerAnswer(
                row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4), row.GetInt64(5),
                Seconds: clock.Elapsed.TotalSeconds, Version: $"DuckDB {connection.ServerVersion}").ToJson());
        return 0;
    }

    [SuppressMessage("Security", "CA2100", Justification = "The statement is made of constants and the folder of the command line.")]
    private static DuckDBCommand Command(DuckDBConnection connection, string sql)
    {
        DuckDBCommand command = connection.CreateCommand();
        command.CommandText = sql;
        return command;
    }
}
