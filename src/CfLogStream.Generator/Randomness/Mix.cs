namespace CfLogStream.Generator.Randomness;

/// <summary>Stateless mixing of integers: properties of a caller or a rule are functions of its number, so they need no memory.</summary>
internal static class Mix
{
    /// <summary>Advances a SplitMix64 state and returns its next value.</summary>
    public static ulong Step(ref ulong state)
    {
        state += 0x9E3779B97F4A7C15;
        return Finish(state);
    }

    /// <summary>Mixes two numbers into one.</summary>
    public static ulong Of(ulong first, ulong second) => Finish(Finish(first + 0x9E3779B97F4A7C15) ^ (second * 0xD6E8FEB86659FD93));

    /// <summary>Mixes a number and a text into one.</summary>
    public static ulong Of(ulong first, string text)
    {
        ulong hash = first;
        foreach (char c in text)
        {
            hash = Of(hash, c);
        }

        return hash;
    }

    /// <summary>Returns a number from 0 to <paramref name="bound"/> − 1 from the upper bits of <paramref name="hash"/>.</summary>
    public static int Below(ulong hash, int bound) => (int)(((hash >> 32) * (uint)bound) >> 32);

    private static ulong Finish(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
