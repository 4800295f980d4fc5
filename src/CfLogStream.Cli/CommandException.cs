namespace CfLogStream.Cli;

/// <summary>A failure that is the user's to understand: its message goes to stderr as it is, without a stack trace.</summary>
internal sealed class CommandException : Exception
{
    private CommandException(ExitCode exitCode, string message, Exception? cause)
        : base(message, cause)
    {
        ExitCode = exitCode;
    }

    /// <summary>What the process returns.</summary>
    public ExitCode ExitCode { get; }

    /// <summary>What was asked could not be done. The message is one or two full sentences.</summary>
    public static CommandException Failed(string message, Exception? cause = null) => new(ExitCode.Failed, message, cause);

    /// <summary>The command line is wrong in a way only the verb can see.</summary>
    public static CommandException Usage(string message) => new(ExitCode.Usage, message, null);
}
