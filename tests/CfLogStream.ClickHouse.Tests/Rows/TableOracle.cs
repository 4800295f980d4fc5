using System.Globalization;
using System.Net;
using CfLogStream.ClickHouse.Reading;

namespace CfLogStream.ClickHouse.Tests.Rows;

/// <summary>What a table should hold for a row, written out column by column, and what the engine says it holds.</summary>
internal sealed class TableOracle<T>
{
    private readonly List<(string Sql, Func<T, string> Expected)> _columns = [];

    public TableOracle<T> Text(string column, Func<T, HexText> value) => Add($"hex({column})", row => value(row).Hex);

    public TableOracle<T> Number(string column, Func<T, object> value) =>
        Add($"toString({column})", row => Convert.ToString(value(row), CultureInfo.InvariantCulture)!);

    public TableOracle<T> Flag(string column, Func<T, bool> value) => Add($"toString(toUInt8({column}))", row => value(row) ? "1" : "0");

    public TableOracle<T> Double(string column, Func<T, double> value) =>
        Add($"toString(reinterpretAsUInt64({column}))", row => $"{BitConverter.DoubleToUInt64Bits(value(row))}");

    public TableOracle<T> Seconds(string column, Func<T, uint> value) =>
        Add($"toString(toUnixTimestamp({column}))", row => $"{value(row)}");

    public TableOracle<T> Nanoseconds(string column, Func<T, long> value) =>
        Add($"toString(toUnixTimestamp64Nano({column}))", row => $"{value(row)}");

    public TableOracle<T> Address(string column, Func<T, string> value) => Add(
        $"hex({column})",
        row => Convert.ToHexString(
            (!value(row).Contains('%') && IPAddress.TryParse(value(row), out IPAddress? address) ? address : IPAddress.IPv6Any)
            .MapToIPv6().GetAddressBytes()));

    public TableOracle<T> Numbers(string column, Func<T, IEnumerable<ulong>> value) => Add(
        $"concat(toString(length({column})), ':', arrayStringConcat(arrayMap(x -> toString(x), {column}), ','))",
        row => $"{value(row).Count()}:{string.Join(',', value(row))}");

    public TableOracle<T> Integers(string column, Func<T, IEnumerable<int>> value) => Add(
        $"concat(toString(length({column})), ':', arrayStringConcat(arrayMap(x -> toString(x), {column}), ','))",
        row => $"{value(row).Count()}:{string.Join(',', value(row))}");

    public TableOracle<T> Texts(string column, Func<T, IEnumerable<HexText>> value) => Add(
        $"concat(toString(length({column})), ':', arrayStringConcat(arrayMap(x -> hex(x), {column}), ','))",
        row => $"{value(row).Count()}:{string.Join(',', value(row).Select(text => text.Hex))}");

    public TableOracle<T> Pairs(string column, Func<T, IEnumerable<(string Name, string Value)>> value) => Add(
        $"arrayStringConcat(arrayMap((k, v) -> concat(hex(k), '=', hex(v)), mapKeys({column}), mapValues({column})), ',')",
        row => string.Join(',', value(row).Select(pair => ((HexText)pair.Name).Hex + "=" + ((HexText)pair.Value).Hex)));

    /// <summary>Distinct callers: the state's count, exact for small sets, and the exact column.</summary>
    public TableOracle<T> Callers(Func<T, int> value) => Add(
        "concat(toString(finalizeAggregation(callers)), '/', toString(callers_exact))", row => $"{value(row)}/{value(row)}");

    public async Task AssertHoldsAsync(Queries queries, string table, IEnumerable<T> rows, CancellationToken cancellationToken)
    {
        string[] expected =
        [
            .. rows.Select(row => string.Join('|', _columns.Select(column => column.Expected(row)))).Order(StringComparer.Ordinal),
        ];
        string[] found =
        [
            .. (await queries.ReadAsync(
                $"SELECT arrayStringConcat([{string.Join(", ", _columns.Select(column => column.Sql))}], '|') FROM {queries.Table(table)}",
                null,
                row => row.GetString(0),
                cancellationToken)).Order(StringComparer.Ordinal),
        ];
        Assert.Equal(expected.Length, found.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i].Split('|'), found[i].Split('|'));
        }
    }

    private TableOracle<T> Add(string sql, Func<T, string> expected)
    {
        _columns.Add((sql, expected));
        return this;
    }
}
