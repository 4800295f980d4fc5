namespace CfLogStream.Server.Backup;

/// <summary>A backup cannot be made, read or restored; the message is the user's to understand.</summary>
public sealed class BackupException : Exception
{
    public BackupException(string message)
        : base(message)
    {
    }

    public BackupException(string message, Exception cause)
        : base(message, cause)
    {
    }
}
