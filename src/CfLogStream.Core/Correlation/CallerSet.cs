namespace CfLogStream.Core.Correlation;

/// <summary>The head of a set of 64-bit numbers inside a row; its members live in <see cref="CallerSets"/>.</summary>
internal struct CallerSet
{
    /// <summary>The only member while there is one.</summary>
    public ulong First;

    /// <summary>The block with the members; 0 while there is at most one.</summary>
    public int Block;
    public int Capacity;
    public int Count;
    public bool HasZero;
}
