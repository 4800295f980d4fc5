using CfLogStream.ClickHouse.Rows;

namespace CfLogStream.ClickHouse.Writing;

/// <summary>Writes blocks of rows and does not come back before every row is acknowledged or known to be bad.</summary>
public interface IBlockWriter
{
    /// <summary>Writes a block; the caller disposes it afterwards.</summary>
    Task<WriteResult> WriteAsync(EncodedBlock block, CancellationToken cancellationToken);
}
