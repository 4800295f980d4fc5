namespace CfLogStream.Server.Configuration;

/// <summary>Where the program can be asked how it is.</summary>
public sealed record MetricsSection
{
    /// <summary>Address and port on which <c>/metrics</c>, <c>/healthz</c> and <c>/readyz</c> are answered.</summary>
    /// <value><c>127.0.0.1:9464</c>; empty means nowhere.</value>
    public string Listen { get; init; } = "127.0.0.1:9464";
}
