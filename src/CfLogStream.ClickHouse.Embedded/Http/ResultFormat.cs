namespace CfLogStream.ClickHouse.Embedded.Http;

/// <summary>How the chunks of a streamed result go together.</summary>
internal enum ChunkKind : byte
{
    /// <summary>The engine writes a whole document per chunk, so the result is taken in one piece.</summary>
    Whole,

    /// <summary>Chunks simply follow each other.</summary>
    Plain,

    /// <summary>Each chunk starts with lines of names and types; only the first may keep them.</summary>
    HeaderLines,

    /// <summary>Each chunk starts with RowBinary names (and types); only the first may keep them.</summary>
    HeaderBinary,
}

/// <summary>What is known of an output format.</summary>
/// <param name="ContentType">The answer's Content-Type.</param>
/// <param name="Chunks">How chunks go together.</param>
/// <param name="HeaderParts">Number of header lines or of binary lists (names; types).</param>
internal readonly record struct ResultFormat(string ContentType, ChunkKind Chunks, int HeaderParts = 0)
{
    public const string DefaultName = "TabSeparated";

    /// <summary>What a format is known as when an answer has no result.</summary>
    public static ResultFormat Default => Of(DefaultName);

    private const string Tsv = "text/tab-separated-values; charset=UTF-8";
    private const string Csv = "text/csv; charset=UTF-8";
    private const string Json = "application/json; charset=UTF-8";
    private const string NdJson = "application/x-ndjson; charset=UTF-8";
    private const string Binary = "application/octet-stream";
    private const string Text = "text/plain; charset=UTF-8";

    private static readonly Dictionary<string, ResultFormat> s_formats = Build();

    /// <summary>Returns what is known of a format; of an unknown one, that it is text in one piece.</summary>
    public static ResultFormat Of(string name) =>
        s_formats.TryGetValue(name, out ResultFormat format) ? format : new ResultFormat(Text, ChunkKind.Whole);

    private static Dictionary<string, ResultFormat> Build()
    {
        var formats = new Dictionary<string, ResultFormat>(StringComparer.OrdinalIgnoreCase)
        {
            ["Native"] = new(Binary, ChunkKind.Plain),
            ["MsgPack"] = new(Binary, ChunkKind.Plain),
            ["TSKV"] = new(Tsv, ChunkKind.Plain),
            ["Parquet"] = new(Binary, ChunkKind.Whole),
            ["Arrow"] = new(Binary, ChunkKind.Whole),
            ["ArrowStream"] = new(Binary, ChunkKind.Whole),
            ["ORC"] = new(Binary, ChunkKind.Whole),
            ["Avro"] = new(Binary, ChunkKind.Whole),
            ["XML"] = new("application/xml; charset=UTF-8", ChunkKind.Whole),
        };
        foreach (string name in (string[])["JSONEachRow", "JSONLines", "NDJSON", "JSONStringsEachRow"])
        {
            formats[name] = new(NdJson, ChunkKind.Plain);
        }

        foreach (string name in (string[])["JSON", "JSONStrings", "JSONCompact", "JSONCompactStrings", "JSONColumns", "JSONCompactColumns",
            "JSONColumnsWithMetadata", "JSONObjectEachRow"])
        {
            formats[name] = new(Json, ChunkKind.Whole);
        }

        AddWithHeaders(formats, ["TabSeparated", "TSV", "TabSeparatedRaw", "TSVRaw"], Tsv, ChunkKind.HeaderLines);
        AddWithHeaders(formats, ["CSV"], Csv, ChunkKind.HeaderLines);
        AddWithHeaders(formats, ["JSONCompactEachRow", "JSONCompactStringsEachRow"], NdJson, ChunkKind.HeaderLines);
        AddWithHeaders(formats, ["RowBinary"], Binary, ChunkKind.HeaderBinary);
        return formats;
    }

    private static void AddWithHeaders(Dictionary<string, ResultFormat> formats, string[] names, string contentType, ChunkKind kind)
    {
        foreach (string name in names)
        {
            formats[name] = new(contentType, ChunkKind.Plain);
            formats[name + "WithNames"] = new(contentType, kind, 1);
            formats[name + "WithNamesAndTypes"] = new(contentType, kind, 2);
        }
    }
}
