namespace CfLogStream.Core.Traffic;

/// <summary>The request methods that tell something of a client; methods count in their case.</summary>
internal enum RequestMethod : byte
{
    /// <summary>Any other, or none logged.</summary>
    Other = 0,
    Get,
    Head,
    Post,
    Put,
    Patch,
    Delete,
    Options,
}
