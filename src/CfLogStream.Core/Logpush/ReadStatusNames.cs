namespace CfLogStream.Core.Logpush;

/// <summary>The names of <see cref="ReadStatus"/> in tables, reports and metrics.</summary>
public static class ReadStatusNames
{
    private static readonly string[] s_names =
    [
        "record", "blank", "validation", "ownership_challenge", "empty_object", "cut_line", "bad_json", "bad_utf8", "control_character",
        "line_too_long", "too_deep", "unknown_dataset", "no_ray_id", "no_time",
    ];

    /// <summary>Returns the name, for instance <c>cut_line</c>.</summary>
    public static string Of(ReadStatus status) => s_names[(int)status];

    /// <summary>Whether a line of this status is set aside in the dead letters.</summary>
    public static bool IsDeadLetter(ReadStatus status) => status >= ReadStatus.CutLine;
}
