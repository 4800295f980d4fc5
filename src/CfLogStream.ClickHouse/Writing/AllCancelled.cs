namespace CfLogStream.ClickHouse.Writing;

/// <summary>A token that is cancelled once all of some tokens are.</summary>
internal sealed class AllCancelled : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly CancellationTokenRegistration[] _registrations;
    private int _left;

    public AllCancelled(IEnumerable<CancellationToken> tokens)
    {
        CancellationToken[] all = [.. tokens];
        _left = all.Length;
        _registrations = [.. all.Select(token => token.UnsafeRegister(static self => ((AllCancelled)self!).End(), this))];
    }

    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        foreach (CancellationTokenRegistration registration in _registrations)
        {
            registration.Dispose();
        }

        _source.Dispose();
    }

    private void End()
    {
        if (Interlocked.Decrement(ref _left) == 0)
        {
            _source.Cancel();
        }
    }
}
