using System.Text;
using CfLogStream.ClickHouse.Embedded.Sql;

namespace CfLogStream.ClickHouse.Embedded.Tests.Sql;

public sealed class InsertHeadTests
{
    [Theory]
    [InlineData("INSERT INTO t FORMAT TSV\n1", "INSERT INTO t ", "TSV", "1")]
    [InlineData("insert into t format TSV \t\r\n1", "insert into t ", "TSV", "1")]
    [InlineData("INSERT INTO t FORMAT CSV 1,2", "INSERT INTO t ", "CSV", "1,2")]
    [InlineData("INSERT INTO t FORMAT TSV\n\n1", "INSERT INTO t ", "TSV", "\n1")]
    [InlineData("INSERT INTO t FORMAT TSV", "INSERT INTO t ", "TSV", "")]
    [InlineData("INSERT INTO t FORMAT TSV\n", "INSERT INTO t ", "TSV", "")]
    [InlineData("/* FORMAT x */ INSERT -- VALUES\n INTO TABLE db.`format` (a, `values`, b) FORMAT Native\nX",
        "/* FORMAT x */ INSERT -- VALUES\n INTO TABLE db.`format` (a, `values`, b) ", "Native", "X")]
    [InlineData("INSERT INTO format FORMAT TSV\n1", "INSERT INTO format ", "TSV", "1")]
    [InlineData("INSERT INTO values VALUES (1)", "INSERT INTO values ", "Values", " (1)")]
    [InlineData("INSERT INTO table VALUES (1)", "INSERT INTO table ", "Values", " (1)")]
    [InlineData("INSERT INTO t (a) SETTINGS async_insert = 0, format_csv_delimiter = ';' FORMAT CSV\n1",
        "INSERT INTO t (a) SETTINGS async_insert = 0, format_csv_delimiter = ';' ", "CSV", "1")]
    [InlineData("INSERT INTO FUNCTION file('x VALUES', 'CSV') FORMAT TSV\n1", "INSERT INTO FUNCTION file('x VALUES', 'CSV') ", "TSV", "1")]
    [InlineData("INSERT INTO t VALUES(1)", "INSERT INTO t ", "Values", "(1)")]
    [InlineData("INSERT INTO t (* EXCEPT(b)) VALUES (1)", "INSERT INTO t (* EXCEPT(b)) ", "Values", " (1)")]
    public void Parse_InsertWithData_FindsItAndWaitsForItAtEverySplit(string text, string statement, string format, string data)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        InsertHead whole = InsertHead.Parse(bytes, complete: true);
        Assert.Equal(InsertHeadStatus.Data, whole.Status);
        Assert.Equal((statement, format, data), (text[..whole.StatementEnd], whole.Format, text[whole.DataStart..]));
        for (int length = 0; length < bytes.Length; length++)
        {
            InsertHead part = InsertHead.Parse(bytes.AsSpan(0, length), complete: false);
            Assert.True(part == whole || part.Status == InsertHeadStatus.NeedMore, $"{length}: {part}");
        }
    }

    [Theory]
    [InlineData("SELECT 1 FORMAT TSV")]
    [InlineData("INSERT INTO t SELECT 1 FORMAT TSV")]
    [InlineData("INSERT INTO t WITH 1 AS x SELECT x")]
    [InlineData("INSERT INTO t (SELECT 'FORMAT TSV')")]
    [InlineData("INSERT INTO t FROM INFILE 'x' FORMAT CSV")]
    [InlineData("EXPLAIN INSERT INTO t FORMAT TSV")]
    [InlineData("WITH 1 AS x INSERT INTO t SELECT x")]
    [InlineData("INSERT INTO t")]
    [InlineData("INSERT")]
    [InlineData("")]
    [InlineData("-- INSERT INTO t FORMAT TSV")]
    public void Parse_Other_IsNone(string text) =>
        Assert.Equal(InsertHeadStatus.None, InsertHead.Parse(Encoding.UTF8.GetBytes(text), complete: true).Status);

    [Theory]
    [InlineData("SELECT 1", true, null)]
    [InlineData("SELECT 1 FORMAT JSON", true, "JSON")]
    [InlineData("SELECT 1 FORMAT JSON;", true, "JSON")]
    [InlineData("SELECT 1 FORMAT JSON SETTINGS a = 1, format = 2", true, "JSON")]
    [InlineData("SELECT 1 SETTINGS a = 1 FORMAT JSON", true, "JSON")]
    [InlineData("SELECT format FROM t", true, null)]
    [InlineData("SELECT 1 AS format ORDER BY format", true, null)]
    [InlineData("SELECT format x FROM t", true, null)]
    [InlineData("SELECT format('{}', 1)", true, null)]
    [InlineData("SELECT * FROM (SELECT 1 FORMAT JSON)", true, null)]
    [InlineData("((SELECT 1)) FORMAT CSV", true, "CSV")]
    [InlineData("FROM t SELECT a", true, null)]
    [InlineData("SHOW TABLES FORMAT JSON", false, "JSON")]
    [InlineData("CREATE TABLE t (format String) ENGINE = Memory", false, null)]
    public void Shape_Statement_IsRead(string text, bool isSelect, string? format) =>
        Assert.Equal(new StatementShape(isSelect, format), StatementShape.Of(Encoding.UTF8.GetBytes(text)));
}
