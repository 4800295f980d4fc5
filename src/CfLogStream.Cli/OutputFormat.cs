namespace CfLogStream.Cli;

/// <summary>How results are written to stdout.</summary>
internal enum OutputFormat
{
    /// <summary>For people.</summary>
    Text = 0,

    /// <summary>For machines, with stable keys.</summary>
    Json,
}
