using CfLogStream.Server.Configuration;

namespace CfLogStream.Cli.Verbs;

/// <summary>Checks what a configuration refers to: the files it names and the templates it defines.</summary>
internal static class ValidateReferences
{
    /// <summary>Throws <see cref="ConfigurationException"/> with every problem found.</summary>
    public static void Check(LoadedConfiguration configuration)
    {
        var problems = new List<ConfigurationProblem>();
        for (int i = 0; i < configuration.Options.OpenapiFiles.Count; i++)
        {
            string file = configuration.Options.OpenapiFiles[i];
            string key = $"openapi_files[{i}]";
            try
            {
                using FileStream stream = File.OpenRead(file);
            }
            catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
            {
                problems.Add(configuration.Problem(key, $"{key} names the file '{file}', which cannot be read: {problem.Message}"));
            }
        }

        if (problems.Count > 0)
        {
            throw new ConfigurationException(problems);
        }
    }
}
