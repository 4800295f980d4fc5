namespace CfLogStream.Generator.Randomness;

/// <summary>The generator's own random numbers: xoshiro256**, seeded by SplitMix64.</summary>
/// <remarks>
/// Owned, because <c>System.Random</c> may change its sequences between runtimes. Only integer operations, additions, multiplications and
/// divisions are used here and by its callers (no <c>Math.Log</c>, <c>Pow</c> or <c>Sin</c>), so the same seed gives the same bytes on
/// every machine.
/// One instance belongs to one use (a stream), so that drawing more for one purpose never shifts another.
/// </remarks>
internal sealed class Rng
{
    private ulong _a;
    private ulong _b;
    private ulong _c;
    private ulong _d;

    public Rng(ulong seed, ulong stream)
    {
        ulong state = Mix.Of(seed, stream);
        _a = Mix.Step(ref state);
        _b = Mix.Step(ref state);
        _c = Mix.Step(ref state);
        _d = Mix.Step(ref state);
    }

    /// <summary>Returns 64 random bits.</summary>
    public ulong Next()
    {
        ulong result = ulong.RotateLeft(_b * 5, 7) * 9;
        ulong shifted = _b << 17;
        _c ^= _a;
        _d ^= _b;
        _b ^= _c;
        _a ^= _d;
        _c ^= shifted;
        _d = ulong.RotateLeft(_d, 45);
        return result;
    }

    /// <summary>Returns a number from 0 to <paramref name="bound"/> − 1.</summary>
    public int Below(int bound) => (int)(((Next() >> 32) * (uint)bound) >> 32);

    /// <summary>Returns a number from <paramref name="low"/> to <paramref name="high"/>, both included.</summary>
    public int Range(int low, int high) => low + Below(high - low + 1);

    /// <summary>Returns a number from 0 up to, but not including, 1.</summary>
    public double Unit() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Returns a number from <paramref name="low"/> up to <paramref name="high"/>.</summary>
    public double Between(double low, double high) => low + (Unit() * (high - low));

    /// <summary>Returns true with the given probability.</summary>
    public bool Chance(double probability) => Unit() < probability;

    /// <summary>Returns a bell-shaped number of mean 0 and deviation 1, within ±3.5 (a sum of four uniforms).</summary>
    public double Bell() => (Unit() + Unit() + Unit() + Unit() - 2.0) * 1.7320508075688772;

    /// <summary>Returns a skewed number around <paramref name="mean"/>: most lie below it, a few are several times larger.</summary>
    public int Skewed(int mean)
    {
        double unit = Unit();
        double tail = unit * unit * unit;
        return (int)(mean * (0.35 + (0.55 * Unit()) + (2.2 * tail * tail) + (0.5 * tail)));
    }

    /// <summary>Returns a number from 0 to <paramref name="bound"/> − 1 that favours small ones.</summary>
    public int Favoured(int bound)
    {
        double unit = Unit();
        return (int)(unit * unit * bound);
    }

    /// <summary>Returns one of the items.</summary>
    public T Pick<T>(T[] items) => items[Below(items.Length)];
}
