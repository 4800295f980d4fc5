namespace CfLogStream.Kafka.Slices;

/// <summary>The names of <see cref="SliceStatus"/> in tables, reports and metrics.</summary>
public static class SliceStatusNames
{
    private static readonly string[] s_names =
    [
        "ok", "no_slice", "unknown_schema", "wrong_schema", "truncated", "bad_length", "bad_number", "bad_branch", "bad_text", "bad_json",
        "bad_value", "trailing_bytes", "count_mismatch", "too_many_records",
    ];

    /// <summary>Returns the name, for instance <c>unknown_schema</c>.</summary>
    public static string Of(SliceStatus status) => s_names[(int)status];
}
