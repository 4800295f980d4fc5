namespace CfLogStream.Kafka.Client;

/// <summary>It is not known that the log has everything that was to be appended.</summary>
public sealed class LogAppendException : Exception
{
    public LogAppendException(string message, bool isTransient, Exception? inner = null)
        : base(message, inner) => IsTransient = isTransient;

    /// <summary>True when the same append may succeed later; false when it never will (a message too large).</summary>
    public bool IsTransient { get; }
}
