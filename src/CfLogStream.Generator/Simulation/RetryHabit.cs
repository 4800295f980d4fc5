namespace CfLogStream.Generator.Simulation;

/// <summary>What a program does when its calls are stopped.</summary>
internal enum RetryHabit
{
    /// <summary>A few retries with growing pauses.</summary>
    Usual,

    /// <summary>Hardly any retry, and after some failures silence for the rest of the run.</summary>
    GivesUp,

    /// <summary>Many retries in quick succession.</summary>
    Storms,
}
