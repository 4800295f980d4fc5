using CfLogStream.ClickHouse.Embedded.Sql;

namespace CfLogStream.ClickHouse.Embedded.Http;

/// <summary>Ways to run a statement.</summary>
internal enum StatementKind : byte
{
    /// <summary>An INSERT that is fed with the data behind it.</summary>
    Insert,

    /// <summary>A SELECT whose result is fetched in chunks.</summary>
    Stream,

    /// <summary>Anything else: run to its end, the result in one piece.</summary>
    Whole,
}

/// <summary>How a request's statement is run.</summary>
/// <param name="Kind">The way.</param>
/// <param name="Statement">The statement; of an INSERT with data, without its FORMAT or VALUES.</param>
/// <param name="FormatName">The format of the data or of the result.</param>
/// <param name="Format">What is known of that format.</param>
internal sealed record StatementPlan(StatementKind Kind, byte[] Statement, string FormatName, ResultFormat Format)
{
    /// <summary>Decides how to run a request.</summary>
    public static StatementPlan Of(ReadOnlySpan<byte> text, InsertHead head, RequestParameters parameters)
    {
        if (head.Status == InsertHeadStatus.Data)
        {
            return new StatementPlan(StatementKind.Insert, text[..head.StatementEnd].ToArray(), head.Format, default);
        }

        StatementShape shape = StatementShape.Of(text);
        string name = shape.Format ?? parameters.DefaultFormat ?? ResultFormat.DefaultName;
        ResultFormat format = ResultFormat.Of(name);

        // With this setting a chunk of rows is an array of its own; and who waits for the end wants a status that tells of it.
        bool streamed = shape.IsSelect && format.Chunks != ChunkKind.Whole && !parameters.WaitForEnd
            && !parameters.Has("output_format_json_array_of_rows") && text.IndexOf("output_format_json_array_of_rows"u8) < 0;
        return new StatementPlan(streamed ? StatementKind.Stream : StatementKind.Whole, text.ToArray(), name, format);
    }
}
