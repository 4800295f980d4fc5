namespace CfLogStream.Server.Configuration;

/// <summary>A configuration that is right in itself, and where its keys stand, for checks that look at the world outside.</summary>
public sealed class LoadedConfiguration
{
    private readonly string _file;
    private readonly ConfigurationBinder _binder;

    internal LoadedConfiguration(string file, CfLogStreamOptions options, ConfigurationBinder binder)
    {
        _file = file;
        _binder = binder;
        Options = options;
    }

    public CfLogStreamOptions Options { get; }

    /// <summary>Returns a problem with a key, at the place of its value.</summary>
    public ConfigurationProblem Problem(string key, string message)
    {
        ConfigurationPosition position = _binder.PositionOf(key);
        return new ConfigurationProblem(_file, position.Line, position.Column, key, message);
    }
}
