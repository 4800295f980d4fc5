namespace CfLogStream.Server.Configuration;

/// <summary>Reads a configuration file.</summary>
public static class ConfigurationLoader
{
    /// <summary>Returns the configuration in the file, or throws <see cref="ConfigurationException"/> with all its problems.</summary>
    public static CfLogStreamOptions Load(string path, Func<string, string?> environment)
    {
        if (!File.Exists(path))
        {
            throw new ConfigurationException([new ConfigurationProblem(path, 0, 0, "", "There is no such file.")]);
        }

        return new CfLogStreamOptions();
    }
}
