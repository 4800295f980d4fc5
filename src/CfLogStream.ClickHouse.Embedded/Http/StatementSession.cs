using System.Globalization;
using CfLogStream.ClickHouse.Embedded.Engine;

namespace CfLogStream.ClickHouse.Embedded.Http;

/// <summary>Sets up the engine's session for one request: settings, current database, and the bounds of who sends it.</summary>
internal sealed class StatementSession(
    EngineHost engine, EmbeddedClickHouseOptions options, EmbeddedUser user, RequestParameters parameters, string marker)
{
    /// <summary>Opens the session for a statement. Blocks; runs on the statement's thread.</summary>
    /// <exception cref="EngineException">A setting, the database or the statement is refused.</exception>
    public EngineConnection Open(StatementPlan plan)
    {
        EngineConnection connection = engine.Open(marker);
        try
        {
            ApplySettings(connection);
            if (!string.IsNullOrEmpty(parameters.Database))
            {
                connection.Execute("USE " + EngineText.Quoted(parameters.Database, '`'));
            }

            if (user.ReadOnly)
            {
                engine.ReaderRules.Check(user, parameters, connection, plan.Statement);
                connection.Execute("SET ROLE " + EngineConfiguration.ReaderRole);
                connection.Execute("SET readonly = 1");
            }
            else if (parameters.IsGet)
            {
                ReaderRules.RequireReading(
                    user, connection, plan.Statement,
                    ". For queries over HTTP, method GET implies readonly. You should use method POST for modifying queries");
            }

            if (plan.Kind == StatementKind.Whole)
            {
                RequireOne(connection, plan.Statement);
            }

            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private void ApplySettings(EngineConnection connection)
    {
        var settings = new List<string>();
        foreach ((string name, string value) in parameters.Settings)
        {
            // The session's own comment is how its statement is found when it has to be ended.
            if (name != "log_comment")
            {
                settings.Add(RequireName(name) + " = " + EngineText.Quoted(value, '\''));
            }
        }

        if (settings.Count > 0)
        {
            connection.Execute("SET " + string.Join(", ", settings));
        }

        if (user.ReadOnly && parameters.Has("max_execution_time"))
        {
            connection.Execute(string.Create(
                CultureInfo.InvariantCulture,
                $"SET max_execution_time = {LimitSeconds(connection.QueryText("SELECT toFloat64(getSetting('max_execution_time'))"))}"));
        }
    }

    private double LimitSeconds(string asked)
    {
        double limit = options.MaxExecutionTime.TotalSeconds;
        return double.TryParse(asked, CultureInfo.InvariantCulture, out double seconds) && seconds > 0 && seconds < limit ? seconds : limit;
    }

    // The engine would run several statements one after the other; ClickHouse's HTTP interface runs one.
    private static void RequireOne(EngineConnection connection, ReadOnlySpan<byte> statement)
    {
        LibChdb.QueryAnalysis analysis = connection.Classify(statement);
        if (analysis.QueryClass == LibChdb.UnknownClass)
        {
            connection.RequireParsable(statement);
        }
        else if (analysis.StatementCount > 1)
        {
            throw new EngineException(
                EngineErrorCode.SyntaxError, "SYNTAX_ERROR",
                "Syntax error (Multi-statements are not allowed): send one statement per request");
        }
    }

    private static string RequireName(string name)
    {
        foreach (char letter in name)
        {
            if (!char.IsAsciiLetterOrDigit(letter) && letter is not ('_' or '.'))
            {
                throw new EngineException(EngineErrorCode.UnknownSetting, "UNKNOWN_SETTING", $"Unknown setting '{name}'");
            }
        }

        return name;
    }
}
