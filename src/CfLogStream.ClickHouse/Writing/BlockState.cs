using CfLogStream.ClickHouse.Rows;

namespace CfLogStream.ClickHouse.Writing;

/// <summary>How far writing one block has come; used by one call at a time.</summary>
internal sealed class BlockState
{
    private bool _waiting;

    public BlockState(EncodedBlock block)
    {
        Block = block;
    }

    public EncodedBlock Block { get; }

    public List<RejectedRow> Rejected { get; } = [];

    /// <summary>Whether any part of the block was acknowledged: then refused rows are the rows' fault.</summary>
    public bool AnyTaken { get; set; }

    public int Retries { get; set; }

    public int ConsecutiveFailures { get; set; }

    public Exception? LastFailure { get; set; }

    public long? LastLogged { get; set; }

    public void BeginWaiting(WriterMetrics metrics)
    {
        if (!_waiting)
        {
            _waiting = true;
            metrics.BeginWaiting();
        }
    }

    public void EndWaiting(WriterMetrics metrics)
    {
        if (_waiting)
        {
            _waiting = false;
            metrics.EndWaiting();
        }
    }
}
