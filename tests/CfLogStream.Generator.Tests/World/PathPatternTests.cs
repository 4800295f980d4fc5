using System.Text;
using System.Text.RegularExpressions;
using CfLogStream.Generator.Records;
using CfLogStream.Generator.World;
using CsCheck;

namespace CfLogStream.Generator.Tests.World;

public sealed class PathPatternTests
{
    [Theory]
    [InlineData("/", "/", "^/$")]
    [InlineData("/v1/orders/{uuid}", "/v1/orders/{id}", "^/v1/orders/[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$")]
    [InlineData("/v1/customers/cus_{b62}", "/v1/customers/cus_{id}", "^/v1/customers/cus_[0-9A-Za-z]{13}[0-9]$")]
    [InlineData("/v1/reports/{date}", "/v1/reports/{date}", "^/v1/reports/2026-0[1-8]-[12][0-9]$")]
    [InlineData("/v2/shipments/{ulid}", "/v2/shipments/{id}", "^/v2/shipments/01K2[0-9A-HJKMNP-TV-Z]{22}$")]
    [InlineData("/a/{hex24}/b/{int}", "/a/{id}/b/{id}", "^/a/6a[0-9a-f]{22}/b/[0-9]{5,7}$")]
    [InlineData("/d/{hex12}", "/d/{id}", "^/d/d4[0-9a-f]{10}$")]
    [InlineData("/s/app.{hex8}.js", "/s/app.{id}.js", "^/s/app\\.3f[0-9a-f]{6}\\.js$")]
    public void Write_AnyId_FitsTheShape(string pattern, string template, string shape)
    {
        var path = new PathPattern(pattern);

        Assert.Equal(template, path.Template);
        Gen.ULong.Sample(id =>
        {
            Assert.Matches(new Regex(shape), Text(path, id));
            Assert.Equal(Text(path, id), Text(path, id));
        });
    }

    [Fact]
    public void Write_UnknownToken_Throws() => Assert.Throws<ArgumentException>(() => Text(new PathPattern("/{nothing}"), 1));

    private static string Text(PathPattern path, ulong id)
    {
        var text = new TextBuffer();
        path.Write(text, id);
        return Encoding.UTF8.GetString(text.Span);
    }
}
