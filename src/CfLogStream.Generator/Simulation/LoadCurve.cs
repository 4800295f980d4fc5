using CfLogStream.Generator.Randomness;

namespace CfLogStream.Generator.Simulation;

/// <summary>How the load is spread over time and over actors.</summary>
/// <remarks>
/// The load is the sum of the actors' shares times their rhythms, in steps. Time is a function of how much has been written: after a
/// fraction
/// f of all lines it is the moment at which a fraction f of the load has passed. So the number of lines is met exactly, at any volume,
/// without knowing
/// beforehand how many lines a request takes.
/// </remarks>
internal sealed class LoadCurve
{
    private static readonly byte[] s_people = [26, 20, 17, 15, 15, 18, 26, 38, 50, 58, 64, 68, 72, 74, 76, 80, 86, 94, 100, 99, 92, 76,
        56, 38];
    private static readonly byte[] s_office = [12, 10, 9, 9, 10, 14, 30, 62, 88, 96, 100, 96, 82, 92, 98, 96, 88, 70, 46, 32, 26, 22, 18,
        14];

    private readonly Actor[] _actors;
    private readonly double[] _ends;
    private readonly double[] _weights;
    private readonly long _start;
    private readonly long _stepMs;
    private readonly ulong _seed;
    private readonly double _total;
    private int _step;
    private int _weightsOf = -1;

    public LoadCurve(Actor[] actors, long startMs, long durationMs, ulong seed)
    {
        _actors = actors;
        _start = startMs;
        _seed = seed;
        _stepMs = Math.Max(1000, durationMs / 8640);
        int steps = (int)((durationMs + _stepMs - 1) / _stepMs);
        _ends = new double[steps];
        _weights = new double[actors.Length];
        for (int step = 0; step < steps; step++)
        {
            double load = 0;
            long at = startMs + (step * _stepMs) + (_stepMs / 2);
            foreach (Actor actor in actors)
            {
                load += actor.Share * Rhythm(actor, at);
            }

            // Neighbouring steps differ a little, as real traffic does.
            load *= 0.92 + (0.16 * (Mix.Below(Mix.Of(seed, (ulong)step), 1000) / 1000.0));
            _total += load;
            _ends[step] = _total;
        }
    }

    /// <summary>Returns the time at which <paramref name="fraction"/> (0 to 1, never less than before) of the load has passed.</summary>
    public long TimeAt(double fraction)
    {
        double at = fraction * _total;
        while (_step < _ends.Length - 1 && _ends[_step] <= at)
        {
            _step++;
        }

        double before = _step == 0 ? 0 : _ends[_step - 1];
        double inStep = Math.Clamp((at - before) / (_ends[_step] - before), 0, 1);
        return _start + (_step * _stepMs) + (long)(inStep * _stepMs);
    }

    /// <summary>Draws an actor by the load at the time last asked for.</summary>
    public Actor Draw(Rng rng)
    {
        if (_weightsOf != _step)
        {
            double sum = 0;
            long at = _start + (_step * _stepMs) + (_stepMs / 2);
            for (int i = 0; i < _actors.Length; i++)
            {
                Actor actor = _actors[i];
                sum += actor.Scheduled ? 0 : actor.Share * Rhythm(actor, at) / actor.LinesPerDraw;
                _weights[i] = sum;
            }

            _weightsOf = _step;
        }

        double point = rng.Unit() * _weights[^1];
        int index = 0;
        while (_weights[index] <= point)
        {
            index++;
        }

        return _actors[index];
    }

    private double Rhythm(Actor actor, long ms)
    {
        double factor = actor.Rhythm switch
        {
            Simulation.Rhythm.People => Daily(s_people, ms),
            Simulation.Rhythm.Office => Daily(s_office, ms),
            Simulation.Rhythm.Waves => Mix.Below(Mix.Of(_seed ^ (ulong)actor.Index, (ulong)(ms / 420_000)), 3) == 0 ? 2.4 : 0.3,
            _ => 1,
        };
        return ms >= actor.Surge.From && ms < actor.Surge.To ? factor * actor.Surge.Factor : factor;
    }

    // Hourly values, joined by straight lines.
    private static double Daily(byte[] table, long ms)
    {
        long minute = ms / 60_000 % 1440;
        int hour = (int)(minute / 60);
        double part = minute % 60 / 60.0;
        return ((table[hour] * (1 - part)) + (table[(hour + 1) % 24] * part)) / 60.0;
    }
}
