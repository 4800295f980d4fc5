namespace CfLogStream.Server.Configuration;

/// <summary>A place in the file, both 1-based.</summary>
internal readonly record struct ConfigurationPosition(int Line, int Column);
