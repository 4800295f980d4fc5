namespace CfLogStream.Core.Tests.Correlation;

/// <summary>Small choices read off two random numbers, so that smaller numbers make simpler logs.</summary>
public sealed class Dice(ulong first, ulong second)
{
    private ulong _state = first;
    private ulong _reserve = second;

    public int Next(int sides)
    {
        int result = (int)(_state % (ulong)sides);
        _state /= (ulong)sides;
        if (_state == 0 && _reserve != 0)
        {
            _state = _reserve;
            _reserve = StableHash.Of(_reserve) >> 1;
        }

        return result;
    }

    public T Pick<T>(params ReadOnlySpan<T> choices) => choices[Next(choices.Length)];
}
