using CfLogStream.Generator.Randomness;
using CfLogStream.Generator.Records;

namespace CfLogStream.Generator.Uploads;

/// <summary>When a job's records and batches arrive: lag, cuts, late batches and batches sent again.</summary>
/// <remarks>
/// Aims for what was observed (facts: lag 91 s in the median, 129 s at p90, 150 s at p99 with batches every 30 s; records up to 40 s out
/// of order).
/// </remarks>
internal sealed class DeliveryPlan
{
    private const long BaseDelayMs = 58_000;

    private readonly Disorder _disorder;
    private readonly string _dataset;
    private readonly long _intervalMs;
    private readonly long _phaseMs;
    private readonly bool _compressed;
    private readonly Rng _delays;
    private readonly Rng _fates;
    private readonly int _againEvery;
    private readonly int _againPhase;
    private int _batches;

    public DeliveryPlan(string dataset, Disorder disorder, long intervalMs, bool compressed, ulong seed)
    {
        _dataset = dataset;
        _disorder = disorder;
        _intervalMs = intervalMs;
        _compressed = compressed;
        _delays = new Rng(seed, Mix.Of(0xDE1A, dataset));
        _fates = new Rng(seed, Mix.Of(0xFA7E, dataset));

        // Two jobs never tick together.
        _phaseMs = disorder == Disorder.None ? 0 : _fates.Below((int)Math.Min(intervalMs, 300_000));
        _againEvery = disorder switch { Disorder.Typical => 41, Disorder.Heavy => 7, _ => 0 };
        _againPhase = _againEvery == 0 ? 0 : _fates.Below(Math.Min(_againEvery, 12));
    }

    /// <summary>Whether records keep their order.</summary>
    public bool InOrder => _disorder == Disorder.None;

    /// <summary>Returns how long after it happened a record reaches the job, in milliseconds.</summary>
    public long Delay() => _disorder switch
    {
        Disorder.None => 0,
        Disorder.Typical => BaseDelayMs + (long)Math.Clamp(_delays.Bell() * 17_000, -40_000, 40_000),
        _ => 40_000 + (long)(Math.Abs(_delays.Bell()) * 60_000) + (_delays.Chance(0.02) ? _delays.Below(300_000) : 0),
    };

    /// <summary>Returns a number from 0 to <paramref name="bound"/> − 1.</summary>
    public int Below(int bound) => _delays.Below(bound);

    /// <summary>Returns a step that visits each of <paramref name="count"/> places once.</summary>
    public int Step(int count)
    {
        int step = 1 + _delays.Below(Math.Max(1, count - 1));
        while (!Coprime(step, count))
        {
            step++;
        }

        return step % count;
    }

    /// <summary>Returns when a batch that begins now is cut.</summary>
    public long NextCut(long nowMs) => ((((nowMs - _phaseMs) / _intervalMs) + 1) * _intervalMs) + _phaseMs;

    /// <summary>Names a batch that was cut now and decides its fate.</summary>
    public void Finish(Batch batch, long nowMs)
    {
        int number = _batches++;
        long upload = _disorder == Disorder.None ? 2000 : 4000 + _fates.Below(16_000);
        bool late = _disorder == Disorder.Heavy && _fates.Chance(0.06);
        bool again = _againEvery != 0 && number % _againEvery == _againPhase;
        long hold = late ? 600_000 + _fates.Below(3_000_000) : 0;
        long againAfter = 60_000 + (_fates.Chance(0.5) ? _fates.Below(900_000) : _fates.Below(10_800_000));
        batch.DeliveredMs = nowMs + upload + hold;
        batch.Name = Name(batch.OpenedMs - 1000, nowMs, Mix.Of(_fates.Next(), (ulong)number));
        if (again)
        {
            batch.AgainDeliveredMs = batch.DeliveredMs + againAfter;
            batch.AgainName = Name(batch.OpenedMs - 1000 + againAfter, nowMs + againAfter, Mix.Of(_fates.Next(), (ulong)number));
        }
    }

    private static bool Coprime(int left, int right)
    {
        while (right != 0)
        {
            (left, right) = (right, left % right);
        }

        return left == 1;
    }

    private string Name(long fromMs, long toMs, ulong hash)
    {
        // The window of the job's clock, moved back by the usual delay: about the times that the records have.
        long shift = _disorder == Disorder.None ? 0 : BaseDelayMs;
        string window = $"{Timestamps.Compact(fromMs - shift)}_{Timestamps.Compact(toMs - shift)}";
        return $"{_dataset}/{Timestamps.Day(fromMs - shift)}/{window}_{hash & 0xFFFFFFFF:x8}.log{(_compressed ? ".gz" : "")}";
    }
}
