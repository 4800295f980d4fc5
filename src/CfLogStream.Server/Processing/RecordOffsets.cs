namespace CfLogStream.Server.Processing;

/// <summary>The offsets of records, made of their message's offset and their place in it.</summary>
public static class RecordOffsets
{
    /// <summary>Offsets of one message: at most so many records.</summary>
    public const int PerMessage = 4096;

    /// <summary>Offsets that share a late chunk on the log: those of 64 messages.</summary>
    public const int PerChunk = 64 * PerMessage;
}
