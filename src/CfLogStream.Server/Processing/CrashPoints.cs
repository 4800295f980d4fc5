using System.Diagnostics;
using System.Globalization;

namespace CfLogStream.Server.Processing;

/// <summary>Places at which a test may have this process killed, as by SIGKILL. None of them does anything unless asked for.</summary>
/// <remarks>The composition root reads <see cref="Variable"/> once and passes what <see cref="Parse"/> makes of it.</remarks>
public sealed class CrashPoints
{
    /// <summary>The environment variable: <c>point:nth</c>, for instance <c>after_insert:3</c>.</summary>
    public const string Variable = "CFLOGSTREAM_CRASH_AT";

    /// <summary>A message of the log was taken from the queue.</summary>
    public const string AfterRead = "after_read";

    /// <summary>A message of the log was correlated.</summary>
    public const string AfterCompute = "after_compute";

    /// <summary>A block is about to be inserted.</summary>
    public const string BeforeInsert = "before_insert";

    /// <summary>All blocks of a cut are acknowledged, its progress is not written.</summary>
    public const string AfterInsert = "after_insert";

    /// <summary>Progress is written.</summary>
    public const string AfterProgress = "after_progress";

    /// <summary>Slices are written to the spool's files, but not flushed; a partition may have them while another does not.</summary>
    public const string SpoolWrite = "spool_write";

    /// <summary>Slices are safe in the spool, and whoever appended them does not know it.</summary>
    public const string SpoolCommit = "spool_commit";

    /// <summary>A partition is about to be drained.</summary>
    public const string Drain = "drain";

    /// <summary>The process is about to end.</summary>
    public const string Shutdown = "shutdown";

    private static readonly string[] s_points =
        [AfterRead, AfterCompute, BeforeInsert, AfterInsert, AfterProgress, SpoolWrite, SpoolCommit, Drain, Shutdown];

    private readonly string? _point;
    private readonly Action _crash;
    private long _left;

    internal CrashPoints(string? point, long nth, Action crash)
    {
        _point = point;
        _left = nth;
        _crash = crash;
    }

    /// <summary>Never crashes.</summary>
    public static CrashPoints None { get; } = new(null, 0, static () => { });

    /// <summary>Reads the value of <see cref="Variable"/>; null or empty gives <see cref="None"/>.</summary>
    /// <exception cref="FormatException">It is not a known point and a number.</exception>
    public static CrashPoints Parse(string? setting)
    {
        if (string.IsNullOrEmpty(setting))
        {
            return None;
        }

        string[] parts = setting.Split(':');
        if (parts.Length == 2 && s_points.Contains(parts[0])
            && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out long nth) && nth > 0)
        {
            return new CrashPoints(parts[0], nth, static () => Process.GetCurrentProcess().Kill());
        }

        throw new FormatException(
            $"The variable {Variable} has '{setting}'; expected one of {string.Join(", ", s_points)}, a colon and a number from 1.");
    }

    /// <summary>Says that a point is reached; does not come back when it was the one to crash at.</summary>
    public void Reach(string point)
    {
        if (_point is not null && _point == point && Interlocked.Decrement(ref _left) == 0)
        {
            _crash();
        }
    }
}
