namespace CfLogStream.Core.Traffic;

/// <summary>What an endpoint is for.</summary>
public enum Surface : byte
{
    Unknown = 0,
    Api,
    Page,
    Asset,
    Mixed,
}
