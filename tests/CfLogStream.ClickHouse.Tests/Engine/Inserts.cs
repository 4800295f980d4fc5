using CfLogStream.ClickHouse.Rows;
using CfLogStream.ClickHouse.Writing;
using Microsoft.Extensions.Logging.Abstractions;

namespace CfLogStream.ClickHouse.Tests.Engine;

/// <summary>Writes what an encoder holds.</summary>
internal static class Inserts
{
    /// <summary>Writes all blocks, in an order of chance when a source of it is given, and expects every row to be taken.</summary>
    public static async Task WriteAllAsync(ClickHouseConnection connection, RowEncoder encoder, Random? random = null)
    {
        using var metrics = new WriterMetrics();
        var writer = new ClickHouseWriter(
            connection, new WriterOptions(), metrics, TimeProvider.System, NullLogger<ClickHouseWriter>.Instance);
        EncodedBlock[] blocks = [.. encoder.TakeAll()];
        random?.Shuffle(blocks);
        foreach (EncodedBlock block in blocks)
        {
            WriteResult result = await writer.WriteAsync(block, CancellationToken.None);
            Assert.Empty(result.Rejected);
            Assert.Equal(block.Rows, result.RowsWritten);
            block.Dispose();
        }

        Assert.Equal(0, metrics.Retries);
    }
}
