namespace CfLogStream.ClickHouse;

/// <summary>Defaults of the options of this assembly.</summary>
public static class ClickHouseDefaults
{
    public const string Database = "cflogstream";

    public const string User = "default";

    public static readonly Uri Endpoint = new("http://127.0.0.1:8123/");
}
