using System.Text;
using CfLogStream.ClickHouse.Embedded.Engine;

namespace CfLogStream.ClickHouse.Embedded.Http;

/// <summary>Sets up the engine's session for one request: settings, current database, and the role of a read-only user.</summary>
internal sealed class StatementSession(EngineHost engine, EmbeddedUser user, RequestParameters parameters)
{
    /// <summary>Opens the session for a statement. Blocks; runs on the statement's thread.</summary>
    /// <exception cref="EngineException">A setting, the database or the statement is refused.</exception>
    public EngineConnection Open(ReadOnlySpan<byte> statement)
    {
        EngineConnection connection = engine.Open();
        try
        {
            if (parameters.Settings.Count > 0)
            {
                connection.Execute("SET " + string.Join(", ", parameters.Settings.Select(SettingText)));
            }

            if (!string.IsNullOrEmpty(parameters.Database))
            {
                connection.Execute("USE " + Quoted(parameters.Database, '`'));
            }

            if (user.ReadOnly)
            {
                RequireReadOnly(connection, statement);
                connection.Execute("SET ROLE " + EngineConfiguration.ReaderRole);
            }

            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private void RequireReadOnly(EngineConnection connection, ReadOnlySpan<byte> statement)
    {
        LibChdb.QueryAnalysis analysis = connection.Classify(statement);
        if (analysis.QueryClass != LibChdb.ReadOnlyClass || analysis.StatementCount != 1)
        {
            throw new EngineException(
                EngineErrorCode.Readonly, "READONLY",
                $"{user.Name}: Cannot execute query in readonly mode: only one statement that reads is allowed");
        }
    }

    private static string SettingText(KeyValuePair<string, string> setting)
    {
        foreach (char letter in setting.Key)
        {
            if (!char.IsAsciiLetterOrDigit(letter) && letter is not ('_' or '.'))
            {
                throw new EngineException(EngineErrorCode.UnknownSetting, "UNKNOWN_SETTING", $"Unknown setting '{setting.Key}'");
            }
        }

        return setting.Key + " = " + Quoted(setting.Value, '\'');
    }

    private static string Quoted(string text, char quote)
    {
        var quoted = new StringBuilder(text.Length + 2).Append(quote);
        foreach (char letter in text)
        {
            if (letter == quote || letter == '\\')
            {
                quoted.Append('\\');
            }

            quoted.Append(letter);
        }

        return quoted.Append(quote).ToString();
    }
}
