namespace CfLogStream.Core.Correlation;

/// <summary>Numbered values that exist once and are forgotten when the last reference goes: what texts and keys are interned in.</summary>
/// <remarks>Numbers are reused and never reach a row; two equal numbers mean equal values for as long as a reference is held.</remarks>
internal sealed class ReferencePool<T>
{
    private readonly IndexTable _table = new();
    private T[] _values = new T[64];
    private ulong[] _hashes = new ulong[64];
    private int[] _references = new int[64];
    private int[] _free = new int[64];
    private int _freeCount;
    private int _used;

    public int Count => _used - _freeCount;

    public ref readonly T this[int item] => ref _values[item];

    public IndexTable.Probe Find(ulong hash) => _table.Find(hash);

    /// <summary>Adds a value that is not there, with one reference.</summary>
    public int Add(ulong hash, T value)
    {
        int item;
        if (_freeCount > 0)
        {
            item = _free[--_freeCount];
        }
        else
        {
            item = _used++;
            if (item == _values.Length)
            {
                Array.Resize(ref _values, item * 2);
                Array.Resize(ref _hashes, item * 2);
                Array.Resize(ref _references, item * 2);
                Array.Resize(ref _free, item * 2);
            }
        }

        _values[item] = value;
        _hashes[item] = hash;
        _references[item] = 1;
        _table.Add(hash, item);
        return item;
    }

    public void AddReference(int item) => _references[item]++;

    /// <summary>Drops a reference; returns whether it was the last, and then <paramref name="value"/> is gone from the pool.</summary>
    public bool Release(int item, out T value)
    {
        value = _values[item];
        if (--_references[item] > 0)
        {
            return false;
        }

        _table.Remove(_hashes[item], item);
        _values[item] = default!;
        _free[_freeCount++] = item;
        return true;
    }
}
