using CfLogStream.ClickHouse.Native;

namespace CfLogStream.ClickHouse.Rows;

/// <summary>Rows of <c>dead_letters</c>.</summary>
internal sealed class DeadLettersBlock : TableBlock
{
    private readonly DictionaryColumn _reason;
    private readonly NumberColumn _contentHash;
    private readonly FixedColumn _occurrence;
    private readonly DictionaryColumn _dataset;
    private readonly FixedColumn _time;
    private readonly TextColumn _source;
    private readonly NumberColumn _lineNumber;
    private readonly NumberColumn _byteOffset;
    private readonly FixedColumn _errorColumn;
    private readonly NumberColumn _length;
    private readonly TextColumn _bytes;
    private readonly FixedColumn _partition;
    private readonly NumberColumn _version;

    public DeadLettersBlock()
        : base("dead_letters")
    {
        _reason = Column("reason", new DictionaryColumn());
        _contentHash = Column("content_hash", new NumberColumn());
        _occurrence = Column("occurrence", FixedColumn.UInt32());
        _dataset = Column("dataset", new DictionaryColumn());
        _time = Column("time", FixedColumn.DateTime64());
        _source = Column("source", new TextColumn());
        _lineNumber = Column("line_number", new NumberColumn());
        _byteOffset = Column("byte_offset", new NumberColumn());
        _errorColumn = Column("error_column", FixedColumn.UInt32());
        _length = Column("length", new NumberColumn());
        _bytes = Column("bytes", new TextColumn());
        _partition = Column("partition", FixedColumn.UInt32());
        _version = Column("version", new NumberColumn());
    }

    public void Add(in DeadLetterRow row)
    {
        _reason.Add(row.Reason);
        _contentHash.Add(row.ContentHash);
        _occurrence.Add(row.Occurrence);
        _dataset.Add(TableWords.Of(row.Dataset));
        _time.Add(row.TimeNs);
        _source.Add(row.Source);
        _lineNumber.Add(row.LineNumber);
        _byteOffset.Add(row.ByteOffset);
        _errorColumn.Add(row.ErrorColumn);
        _length.Add(row.Length);
        _bytes.Add(row.Bytes);
        _partition.Add(row.Partition);
        _version.Add(row.Version);
        EndRow(TablePartition.None, KeyBytes + row.Source.Length + row.Bytes.Length);
    }
}
