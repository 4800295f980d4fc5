using System.Text;

namespace CfLogStream.Server.Reports;

/// <summary>Draws counts as one line of block characters.</summary>
public static class Sparkline
{
    private const string Levels = "▁▂▃▄▅▆▇█";

    /// <summary>Draws one character per count; an empty bin is a blank-looking dot, the greatest count a full block.</summary>
    public static string Draw(IReadOnlyList<ulong> counts)
    {
        ulong top = 0;
        foreach (ulong count in counts)
        {
            top = Math.Max(top, count);
        }

        var line = new StringBuilder(counts.Count);
        foreach (ulong count in counts)
        {
            line.Append(count == 0 ? '·' : Levels[(int)((count * (ulong)Levels.Length - 1) / top)]);
        }

        return line.ToString();
    }
}
