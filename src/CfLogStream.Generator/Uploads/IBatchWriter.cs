namespace CfLogStream.Generator.Uploads;

/// <summary>Takes the bytes of batches.</summary>
internal interface IBatchWriter
{
    void Open(Batch batch);

    void Write(Batch batch, ReadOnlySpan<byte> lines);

    void Close(Batch batch);
}
