using System.Runtime.InteropServices;

namespace CfLogStream.Cli.Tests;

public sealed class StopSignalsTests
{
    [Theory]
    [InlineData(PosixSignal.SIGINT)]
    [InlineData(PosixSignal.SIGTERM)]
    public void Stop_FirstSignal_CancelsAndTheSecondEndsTheProcess(PosixSignal signal)
    {
        using var signals = new StopSignals();
        var first = new PosixSignalContext(signal);
        var second = new PosixSignalContext(signal);

        signals.Stop(first);
        bool cancelledByFirst = signals.Token.IsCancellationRequested;
        signals.Stop(second);

        Assert.True(cancelledByFirst);
        Assert.True(first.Cancel);
        Assert.False(second.Cancel);
    }
}
