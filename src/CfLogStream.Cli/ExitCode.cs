namespace CfLogStream.Cli;

/// <summary>What the process returns to its caller.</summary>
internal enum ExitCode
{
    /// <summary>The verb did what was asked.</summary>
    Ok = 0,

    /// <summary>The verb could not do what was asked: a file is missing, a server is away, the user stopped it.</summary>
    Failed = 1,

    /// <summary>The command line is wrong.</summary>
    Usage = 2,

    /// <summary>A mistake in this program (EX_SOFTWARE of sysexits.h).</summary>
    Internal = 70,

    /// <summary>The configuration is wrong (EX_CONFIG of sysexits.h).</summary>
    Configuration = 78,
}
