using System.Text;
using CfLogStream.Core.Logpush;

namespace CfLogStream.Core.Tests.Logpush;

public sealed class ReaderAllocationTests
{
    [Fact]
    public void Read_AfterWarmUp_AllocatesNothing()
    {
        byte[][] lines =
        [
            Line("""{"EdgeStartTimestamp":"2024-11-07T03:40:38.123456789Z","RayID":"76486474681b7fff","New":{"a":[1,{"b":"\u0026"}]},"ClientRequestURI":"/a?b\u0026c","SecurityActions":["block","l\u006fg"],"RequestHeaders":{"x-\u0061":["1"]}}"""),
            Line("""{"Datetime":1667512927424000000,"RayID":"76486474681b7fff","Action":"block","Metadata":{"filter":"x","type":"y"},"MatchIndex":"0"}"""),
            Line("""{"WAFAction":2,"WAFRuleID":"100016","FirewallMatchesSources":["waf"],"EdgeStartTimestamp":1667512927,"R\u0061yID":"ab","ClientRequestUserAgent":"ü€"}"""),
            Line("""{"When":"1638303588","ActionType":"x","NewValue":{"a":{"b":[]}},"ClientCity":"x"}"""),
            Line("""{"content":"test"}"""),
            Line("""{"RayID":"a1","EdgeStartTimestamp":"never"}"""),
            Line("""{"RayID":"a1","EdgeStartTimestamp":tr"""),
            Line("""{"RayID":"a1","EdgeStart""" + "\u0001"),
            [.. "{\"a\":\""u8, 0xFF, .. "\"}"u8],
            Line("eyJhbGciOiJIUzI1NiJ9.eyJpZCI6MX0.c2ln"),
            Line(""),
        ];
        var reader = new RecordReader(new ReaderOptions { ExtraFields = ["ClientCity", "New"] });
        LogRecord record = reader.CreateRecord();

        long touched = 0;
        for (int round = 0; round < 20; round++)
        {
            touched += ReadAll(lines, reader, record);
        }

        long allocated = Allocations.Of(() =>
        {
            for (int round = 0; round < 1000; round++)
            {
                touched += ReadAll(lines, reader, record);
            }
        });
        Assert.Equal(0, allocated);
        Assert.NotEqual(0, touched);
    }

    [Fact]
    public void Read_EndlessNewKeys_IsBounded()
    {
        var reader = new RecordReader(new ReaderOptions());
        LogRecord record = reader.CreateRecord();
        byte[] line = Line("""{"New0000000":1,"EdgeStartTimestamp":1667512927,"RayID":"a1"}""");
        int next = 0;
        Read(5_000);
        Assert.Equal(0, Allocations.Of(() => Read(3_000)));

        void Read(int times)
        {
            for (int end = next + times; next < end; next++)
            {
                for (int digit = 0, rest = next; digit < 7; digit++, rest /= 10)
                {
                    line[11 - digit] = (byte)('0' + (rest % 10));
                }

                if (reader.Read(line, 0, line.Length, record, out _) != ReadStatus.Record)
                {
                    Assert.Fail($"Record {next} was not read.");
                }
            }
        }
    }

    private static long ReadAll(byte[][] lines, RecordReader reader, LogRecord record)
    {
        long touched = 0;
        foreach (byte[] line in lines)
        {
            touched += (long)reader.Read(line, 0, line.Length, record, out int column) + column;
            for (LogField field = 0; field < LogField.Count; field++)
            {
                touched += record.Text(field).Length;
                touched += record.TryGetInt64(field, out long number) ? number & 1 : 0;
            }

            foreach (ReadOnlySpan<byte> element in record.Elements(LogField.SecurityActions))
            {
                touched += element.Length;
            }

            foreach (TextMembers member in record.Members(LogField.RequestHeaders))
            {
                touched += member.Name.Length + member.Value.Length;
            }

            touched += record.ExtraText(1).Length;
        }

        return touched;
    }

    private static byte[] Line(string text) => Encoding.UTF8.GetBytes(text);
}
