namespace CfLogStream.Benchmarks.Receive;

/// <summary>What <c>quality_1m</c> says of the records of a load.</summary>
internal readonly record struct StoredRecords(long Received, long Counted, long Duplicates)
{
    /// <summary>Whether these are all records of a load: none missing, none twice.</summary>
    public bool Are(long records) => Received == records && Counted + Duplicates == records;
}
