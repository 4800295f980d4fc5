namespace CfLogStream.Server.Configuration;

/// <summary>Follows the references of a configuration to secrets and files outside it.</summary>
internal sealed class SecretReferences(string folder, Func<string, string?> environment, ConfigurationBinder binder, ProblemList problems)
{
    private const int MaxSecretBytes = 64 * 1024;

    /// <summary>Returns the absolute path of a file; empty for none.</summary>
    public string PathOf(string file) => file.Length == 0 ? file : Path.GetFullPath(file, folder);

    /// <summary>As <see cref="PathOf"/>; that there is no such file is a problem.</summary>
    public string PathOfExisting(string key, string file)
    {
        string path = PathOf(file);
        if (path.Length > 0 && !File.Exists(path))
        {
            problems.Add(binder.PositionOf(key), key, $"{key} is '{file}'; there is no file '{path}'.");
        }

        return path;
    }

    /// <summary>Returns the secret that <c>key_env</c> or <c>key_file</c> leads to; none when neither is given.</summary>
    public Secret Read(string key, string variable, string file) =>
        variable.Length > 0 ? OfVariable(key + "_env", variable)
        : file.Length > 0 ? OfFile(key + "_file", PathOf(file))
        : Secret.None;

    private Secret OfVariable(string key, string variable)
    {
        if (environment(variable) is { Length: > 0 } value)
        {
            return new Secret(value);
        }

        problems.Add(binder.PositionOf(key), key, $"{key} names the environment variable '{variable}', which is not set.");
        return Secret.None;
    }

    private Secret OfFile(string key, string file)
    {
        string problem;
        try
        {
            if (new FileInfo(file).Length > MaxSecretBytes)
            {
                problem = $"has more than {MaxSecretBytes} bytes";
            }
            else if (File.ReadAllText(file).TrimEnd('\r', '\n') is { Length: > 0 } value)
            {
                return new Secret(value);
            }
            else
            {
                problem = "is empty";
            }
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException)
        {
            problem = "does not exist";
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            problem = $"cannot be read ({failure.Message})";
        }

        problems.Add(binder.PositionOf(key), key, $"{key} names the file '{file}', which {problem}.");
        return Secret.None;
    }
}
