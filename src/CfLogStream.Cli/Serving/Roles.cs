namespace CfLogStream.Cli.Serving;

/// <summary>What a service does.</summary>
[Flags]
internal enum Roles
{
    None = 0,

    /// <summary>Brings records to the log.</summary>
    Ingest = 1,

    /// <summary>Works through the log and writes rows.</summary>
    Process = 2,

    All = Ingest | Process,
}
