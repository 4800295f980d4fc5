namespace CfLogStream.Core.Correlation;

/// <summary>A ray shown as an example: its sampling hash, and its value or (not hexadecimal) the number of its text.</summary>
internal struct RayReference
{
    public ulong Hash;
    public ulong Ray;

    /// <summary>The number of the text, a reference is held; -1 when hexadecimal.</summary>
    public int Text;
}
