using System.Collections;
using System.Globalization;
using System.Net;

namespace CfLogStream.Server.Insight.Requests;

/// <summary>All columns of one row of <c>requests</c>, by name, as the driver gave them.</summary>
public sealed class RequestColumns
{
    private readonly IReadOnlyDictionary<string, object?> _values;

    public RequestColumns(IReadOnlyDictionary<string, object?> values)
    {
        _values = values;
    }

    /// <summary>All of them, in the table's order.</summary>
    public IReadOnlyDictionary<string, object?> All => _values;

    /// <summary>A column as text; log text, to be escaped where it is shown.</summary>
    public string Text(string name) => Show(_values[name]);

    /// <summary>A whole number.</summary>
    public long Number(string name) => Convert.ToInt64(_values[name], CultureInfo.InvariantCulture);

    /// <summary>A number of 64 bits without a sign.</summary>
    public ulong Hash(string name) => Convert.ToUInt64(_values[name], CultureInfo.InvariantCulture);

    /// <summary>A number that need not be whole.</summary>
    public double Amount(string name) => Convert.ToDouble(_values[name], CultureInfo.InvariantCulture);

    public bool Flag(string name) => Convert.ToBoolean(_values[name], CultureInfo.InvariantCulture);

    /// <summary>A time, UTC.</summary>
    public DateTime Time(string name) => _values[name] switch
    {
        DateTime time => DateTime.SpecifyKind(time, DateTimeKind.Utc),
        DateTimeOffset time => time.UtcDateTime,
        _ => default,
    };

    /// <summary>The elements of an array.</summary>
    public IReadOnlyList<string> Texts(string name) =>
        _values[name] is IEnumerable items and not string ? [.. items.Cast<object?>().Select(Show)] : [];

    /// <summary>Shows a value as text: nothing for null and for an address that was not logged.</summary>
    public static string Show(object? value) => value switch
    {
        null => "",
        string text => text,
        bool flag => flag ? "yes" : "no",
        DateTime time => time.ToString("yyyy-MM-dd HH:mm:ss.fffffff", CultureInfo.InvariantCulture),
        DateTimeOffset time => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.fffffff", CultureInfo.InvariantCulture),
        IPAddress address when address.Equals(IPAddress.IPv6Any) => "",
        IPAddress address => (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString(),
        IDictionary map => map.Count == 0 ? "" : string.Join(", ", map.Keys.Cast<object>().Select(key => $"{key}={Show(map[key])}")),
        IEnumerable items => string.Join(", ", items.Cast<object?>().Select(Show)),
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };
}
