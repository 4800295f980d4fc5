using ClickHouse.Driver.ADO.Parameters;

namespace CfLogStream.ClickHouse.Reading;

/// <summary>The values of a query's <c>{name:Type}</c> placeholders.</summary>
public sealed class QueryParameters
{
    internal ClickHouseParameterCollection Collection { get; } = new();

    /// <summary>Binds a value; the placeholder says its ClickHouse type.</summary>
    public QueryParameters Add(string name, object value)
    {
        Collection.Add(new ClickHouseDbParameter { ParameterName = SqlIdentifier.Check("parameter name", name), Value = value });
        return this;
    }
}
