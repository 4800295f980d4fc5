namespace CfLogStream.ClickHouse.Native;

/// <summary>One column of a block in the Native format, kept so that any run of its rows can be written.</summary>
/// <remarks>Filled by one thread, then only read; memory is kept across <see cref="Clear"/>.</remarks>
internal abstract class NativeColumn
{
    protected NativeColumn(string type)
    {
        Type = type;
    }

    /// <summary>The ClickHouse type that is sent.</summary>
    public string Type { get; }

    /// <summary>Rows held.</summary>
    public abstract int Rows { get; }

    /// <summary>Bytes held, about what is sent.</summary>
    public abstract long Bytes { get; }

    /// <summary>Bytes that each row takes whatever its value; -1 when that differs, so that <see cref="Bytes"/> must be asked.</summary>
    public virtual int FixedWidth => -1;

    /// <summary>Forgets the rows and keeps the memory.</summary>
    public abstract void Clear();

    /// <summary>Writes what comes before the data of a column: the state of nested dictionaries.</summary>
    public virtual void WritePrefix(ByteBuffer destination)
    {
    }

    /// <summary>Writes the data of <paramref name="count"/> rows from <paramref name="start"/> on.</summary>
    public abstract void WriteRows(ByteBuffer destination, int start, int count);
}
