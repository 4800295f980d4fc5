namespace CfLogStream.Server.Setup;

/// <summary>What was asked for a Logpush job cannot be; the message says what was found and what is expected.</summary>
public sealed class SetupException : Exception
{
    public SetupException(string message)
        : base(message)
    {
    }
}
