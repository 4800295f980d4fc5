namespace CfLogStream.EndToEnd.Tests.Log;

/// <summary>How a service is configured, where it differs from what most tests want.</summary>
internal sealed record ServiceSettings
{
    /// <summary>The database; null for the one of the test.</summary>
    public string? Database { get; init; }

    /// <summary>The folder of an embedded ClickHouse; null for the one of the tests.</summary>
    public string? DataFolder { get; init; }

    public string Group { get; init; } = "cflogstream";

    public int CutSecs { get; init; } = 1;

    public int CutRecords { get; init; } = 500_000;

    public int QueueBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>More of the configuration.</summary>
    public string More { get; init; } = "";

    /// <summary>Properties of librdkafka.</summary>
    public IReadOnlyList<string> Properties { get; init; } = [];

    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();
}
