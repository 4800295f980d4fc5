using System.Buffers;
using System.Text;
using CfLogStream.Core.Traffic.Paths;
using CsCheck;

namespace CfLogStream.Core.Tests.Traffic.Paths;

public sealed class PathTemplaterTests
{
    private static readonly string[] s_tricky =
    [
        "{id}", "{text}", "@{name}", "{", "}", "{id", "id}", "({id})", "…", "%2F", "%3B", "%7Bid%7D", "%25", "%", "%4", "%zz", ";a=b", "?q", "#f",
        "//", "/", ".", "..", ":", "-", "_", "@", "(", ")", ",", "=", "v1", "v1.2beta", "0x", "12", "123456", "2025-03-09", "T12:44:10Z",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc", "bot12345:", "550e8400-e29b-41d4-a716-446655440000", "01ARZ3NDEKTSV4RRFFQ69G5FAV",
        "cus_NffrFeUfNV2Hib", "T012AB3CD", "word", "getUser", "json", "deadbeef", "3f2a9c1b", "é", "\u00ff", " ", "a@b.example",
        "52.5,13.4", "203.0.113.9", "2001:db8::1", "AbCdEfGhIjKlMnOpQrStUvWx", "http://h", "Users(42)", "reset", "invite-x", "aBcDeF",
    ];

    private static readonly string[] s_joints = [".", "-", "_", ":", ""];
    private static readonly SearchValues<byte> s_never = SearchValues.Create("?#%;\\\"'<>"u8);

    [Theory]
    [MemberData(nameof(GoldenPaths.Table), MemberType = typeof(GoldenPaths))]
    public void Write_GoldenPath_GivesItsTemplate(string path, string template) => Assert.Equal(template, Template(path));

    [Theory]
    [MemberData(nameof(GoldenPaths.Table), MemberType = typeof(GoldenPaths))]
    public void Write_GoldenTemplate_StaysAsItIs(string path, string template)
    {
        Assert.NotEmpty(path);
        Assert.Equal(template, Template(template));
    }

    [Theory]
    [InlineData("", "/")]
    [InlineData("?q=1", "/")]
    [InlineData("//", "/")]
    [InlineData("/;a=1/;b", "/")]
    [InlineData("users/7", "/users/{id}")]
    [InlineData("https://api.example.com/v1/users/7?x=1", "/v1/users/{id}")]
    [InlineData("HTTP://api.example.com", "/")]
    [InlineData("/a#b/c", "/a")]
    [InlineData("/proxy/https://example.com/x", "/proxy/https:/example.com/x")]
    [InlineData("/../../etc/passwd", "/../../etc/passwd")]
    [InlineData("/a;b?c/d", "/a")]
    [InlineData("/a;b#c/d", "/a")]
    public void Write_OddTargets_GiveAPath(string path, string template) => Assert.Equal(template, Template(path));

    [Theory]
    [InlineData("/app.3f2a9c1b.min.js", "/app.{id}.min.js")]
    [InlineData("/lib/1.2.3/x.js", "/lib/{num}/x.js")]
    [InlineData("/lib/1.2.3-beta.4", "/lib/{num}")]
    [InlineData("/npm/react@18.2.0/umd", "/npm/react@18.2.0/umd")]
    [InlineData("/v1/projects/1234567:cancel", "/v1/projects/{id}:cancel")]
    [InlineData("/v1/projects/acme:testIamPermissions", "/v1/projects/acme:testIamPermissions")]
    [InlineData("/odata/Users(42)", "/odata/Users({id})")]
    [InlineData("/odata/Users('x y')/Orders", "/odata/Users({id})/Orders")]
    [InlineData("/odata/$metadata", "/odata/$metadata")]
    [InlineData("/odata/Now()", "/odata/Now()")]
    [InlineData("/urn:isbn:9780131103627", "/urn:isbn:{id}")]
    [InlineData("/backup/2025-03-09.tar.gz", "/backup/{date}.tar.gz")]
    [InlineData("/photos/photo_12345.jpg", "/photos/photo_{id}.jpg")]
    [InlineData("/order-550e8400-e29b-41d4-a716-446655440000", "/order-{id}")]
    [InlineData("/msg_01ARZ3NDEKTSV4RRFFQ69G5FAV", "/msg_{id}")]
    [InlineData("/sk_test_4eC39HqLyjWDarjtT1zdp7dc", "/sk_test_{id}")]
    [InlineData("/sess_V1StGXR8_Z5jdHi6B-myT", "/sess_{id}")]
    [InlineData("/t/12:44:10", "/t/{time}")]
    [InlineData("/t/20250309T124410Z", "/t/{time}")]
    [InlineData("/t/2025-03-09%2012:44:10", "/t/{time}")]
    [InlineData("/d/2025-13-09", "/d/2025-13-09")]
    [InlineData("/ip/203.0.113.9:8443", "/ip/{ip}")]
    [InlineData("/ip/::ffff:203.0.113.9", "/ip/{ip}")]
    [InlineData("/ip/1:2:3:4:5:6:7:8", "/ip/{ip}")]
    [InlineData("/ip/300.0.113.9", "/ip/{num}")]
    [InlineData("/g/-122.42,37.78", "/g/{num}")]
    [InlineData("/g/1,x", "/g/{text}")]
    [InlineData("/x/1e5e5e5e", "/x/{id}")]
    [InlineData("/x/a=b", "/x/{text}")]
    [InlineData("/x/%3Cscript%3E", "/x/{text}")]
    [InlineData("/x/{userId}", "/x/{text}")]
    [InlineData("/x/%7Bid%7D", "/x/{id}")]
    [InlineData("/x/%253Fa", "/x/{text}")]
    [InlineData("/x/..%2f..%2fetc", "/x/{text}")]
    [InlineData("/v12345", "/v{id}")]
    [InlineData("/apis/apps/v1p1beta1", "/apis/apps/v1p1beta1")]
    [InlineData("/s/b2b-customers-v2-eu-west-1", "/s/b2b-customers-v2-eu-west-1")]
    [InlineData("/s/getOauth2TokenInfo", "/s/getOauth2TokenInfo")]
    [InlineData("/invite/aBcDeF/join", "/invite/{id}/join")]
    [InlineData("/%69nvite/FRIENDS", "/invite/{id}")]
    [InlineData("/reset/MQ123/5x3-abc123def/done", "/reset/{id}/{id}/done")]
    [InlineData("/password/reset/confirm", "/password/reset/confirm")]
    public void Write_FurtherShapes_GiveTheirTemplate(string path, string template) => Assert.Equal(template, Template(path));

    [Fact]
    public void Write_SegmentOverTheLimit_BecomesTextOrId()
    {
        Assert.Equal("/{text}", Template("/" + new string('w', 65)));
        Assert.Equal("/" + new string('w', 64), Template("/" + new string('w', 64)));
        Assert.Equal("/{text}/b", Template("/" + new string('w', 60_000) + "/b"));
        Assert.Equal("/{id}/b", Template("/" + new string('7', 60_000) + "/b"));
        Assert.Equal("/{id}", Template("/eyJhbGciOiJIUzI1NiJ9." + new string('a', 2000) + ".x"));
        Assert.Equal("/{text}", Template("/" + string.Concat(Enumerable.Repeat("%5A", 300))));
        Assert.Equal("/{text}", Template("/" + string.Join('.', Enumerable.Repeat("1234", 20)) + "x"));
    }

    [Fact]
    public void Write_ElevenOrMoreSegments_AreCut()
    {
        Assert.Equal("/a/a/a/a/a/a/a/a/a/a", Template(string.Concat(Enumerable.Repeat("/a", 10)) + "//;x/"));
        Assert.Equal("/a/a/a/a/a/a/a/a/a/a/…", Template(string.Concat(Enumerable.Repeat("/a", 30_000))));
    }

    [Fact]
    public void Write_DestinationTooSmall_Throws() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => PathTemplater.Write("/"u8, new byte[PathTemplater.MaxTemplateBytes - 1]));

    [Fact]
    public void Write_AnyBytes_IsBoundedAndIdempotent() =>
        Gen.Byte.Array[0, 300].Sample(bytes => CheckStable([(byte)'/', .. bytes]), iter: 8_000);

    [Fact]
    public void Write_MixedPieces_IsBoundedAndIdempotent()
    {
        Gen<string> piece = Gen.OneOf(
            Gen.Int[0, s_tricky.Length - 1].Select(i => s_tricky[i]),
            Gen.Char[" /._-%;?#{}()@=,:+~*$!abcxyzABC0189é"].Array[0, 12].Select(chars => new string(chars)),
            Gen.Char["0123456789abcdef"].Array[1, 70].Select(chars => new string(chars)),
            Gen.Char.AlphaNumeric.Array[1, 80].Select(chars => new string(chars)));
        piece.Array[0, 30].Sample(pieces => CheckStable(Encoding.UTF8.GetBytes(string.Concat(pieces))), iter: 15_000);
        piece.Array[0, 12].Sample(pieces => CheckStable(Encoding.UTF8.GetBytes("/" + string.Join('/', pieces))), iter: 15_000);
        Gen.Select(piece, Gen.Int[0, 4].Select(i => s_joints[i]), piece)
            .Sample((first, between, second) => CheckStable(Encoding.UTF8.GetBytes("/" + first + between + second)), iter: 15_000);
    }

    [Fact]
    public void Write_WarmedUp_AllocatesNothing()
    {
        byte[][] paths = [.. GoldenPaths.Table.Select(row => Encoding.UTF8.GetBytes(row.Data.Item1))];
        byte[] destination = new byte[PathTemplater.MaxTemplateBytes];
        long allocated = Allocations.Of(() =>
        {
            foreach (byte[] path in paths)
            {
                PathTemplater.Write(path, destination);
            }
        });
        Assert.Equal(0, allocated);
    }

    private static void CheckStable(byte[] path)
    {
        Span<byte> first = new byte[PathTemplater.MaxTemplateBytes];
        Span<byte> second = new byte[PathTemplater.MaxTemplateBytes];
        first = first[..PathTemplater.Write(path, first)];
        second = second[..PathTemplater.Write(first, second)];
        Assert.Equal(Encoding.UTF8.GetString(first), Encoding.UTF8.GetString(second));
        Assert.Equal((byte)'/', first[0]);
        Assert.False(first.ContainsAnyInRange((byte)0, (byte)' '));
        Assert.False(first.ContainsAny(s_never));
    }

    private static string Template(string path)
    {
        byte[] destination = new byte[PathTemplater.MaxTemplateBytes];
        return Encoding.UTF8.GetString(destination, 0, PathTemplater.Write(Encoding.UTF8.GetBytes(path), destination));
    }
}
