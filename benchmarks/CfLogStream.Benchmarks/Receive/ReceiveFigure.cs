namespace CfLogStream.Benchmarks.Receive;

/// <summary>What one process took for the load.</summary>
/// <param name="WallSeconds">From the first upload sent until its work was done.</param>
/// <param name="CpuSeconds">Of all its threads, start included.</param>
/// <param name="StartCpuSeconds">Of these, what it took before the first upload.</param>
internal readonly record struct ReceiveFigure(double WallSeconds, double CpuSeconds, double StartCpuSeconds, long PeakBytes);
