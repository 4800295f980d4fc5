namespace CfLogStream.Benchmarks.Layers.Input;

/// <summary>Which lines a layer is measured on.</summary>
public enum InputKind
{
    /// <summary>http_requests of a full job: 90 fields, about 2.7 kB.</summary>
    HttpRequests,

    /// <summary>firewall_events: 35 fields, about 1.1 kB.</summary>
    FirewallEvents,

    /// <summary>http_requests with 14 fields, about 0.4 kB.</summary>
    Minimal,

    /// <summary>http_requests with cut lines, odd types, mixed timestamps, unknown fields and hostile text.</summary>
    Ugly,

    /// <summary>Both datasets of a full job in order of time, as correlation gets them.</summary>
    Both,
}
