using System.Text;
using CfLogStream.Kafka.Slices;

namespace CfLogStream.Kafka.Tests.Slices;

/// <summary>The headers of a message.</summary>
public sealed class HeaderTests
{
    private static readonly SliceHeader s_header = new(SliceKind.AuditLogsV2, 0xFEDC_BA98_0000_0001, 0x0000_0000_0000_00AB, 3, 4096);

    [Fact]
    public void Write_AHeader_IsReadableText() => Assert.Equal(
        [
            "cflogstream-dataset=audit_logs_v2", "cflogstream-schema=fedcba9800000001", "cflogstream-batch=00000000000000ab",
            "cflogstream-part=3", "cflogstream-count=4096",
        ],
        SliceHeaders.Write(s_header).Select(header => $"{header.Name}={Encoding.ASCII.GetString(header.Value)}"));

    [Fact]
    public void Read_WrittenHeaders_AreTheSame() => Assert.All(SliceKinds.All, kind =>
    {
        SliceHeader header = s_header with { Kind = kind };
        Assert.Equal(header, SliceHeaders.Read([.. SliceHeaders.Write(header)]));
        Assert.Equal(header, SliceHeaders.Read([("other", []), .. SliceHeaders.Write(header).Reverse()]));
    });

    [Theory]
    [InlineData(SliceHeaders.Dataset, "http")]
    [InlineData(SliceHeaders.Dataset, "")]
    [InlineData(SliceHeaders.Schema, "fedcba980000000")]
    [InlineData(SliceHeaders.Schema, "fedcba980000000g")]
    [InlineData(SliceHeaders.Batch, "0x00000000000000")]
    [InlineData(SliceHeaders.Part, "-1")]
    [InlineData(SliceHeaders.Part, "+1")]
    [InlineData(SliceHeaders.Count, "")]
    [InlineData(SliceHeaders.Count, "2147483648")]
    [InlineData(SliceHeaders.Count, "1 ")]
    [InlineData(SliceHeaders.Count, "00000000001")]
    public void Read_AWrongValue_IsNoSlice(string name, string value) => Assert.Equal(
        default,
        SliceHeaders.Read(
            [.. SliceHeaders.Write(s_header).Select(header => header.Name == name ? (name, Encoding.ASCII.GetBytes(value)) : header)]));

    [Fact]
    public void Read_AMissingOrRepeatedHeader_IsNoSlice()
    {
        (string Name, byte[] Value)[] headers = SliceHeaders.Write(s_header);
        Assert.Equal(default, SliceHeaders.Read());
        for (int i = 0; i < headers.Length; i++)
        {
            Assert.Equal(SliceKind.None, SliceHeaders.Read([.. headers.Where((_, index) => index != i)]).Kind);
            Assert.Equal(SliceKind.None, SliceHeaders.Read([.. headers, headers[i]]).Kind);
        }
    }
}
