using System.Text;
using System.Text.RegularExpressions;
using CfLogStream.Core.Traffic;
using CfLogStream.Core.Traffic.Paths;
using CsCheck;

namespace CfLogStream.Core.Tests.Traffic.Paths;

public sealed class TemplateSetTests
{
    private static readonly string[] s_words = ["a", "b", "ab", "{x}", "{y}", "a{x}", "{x}b", "a{x}b", "{x}.{y}", "**"];
    private static readonly string[] s_pathWords = ["a", "b", "ab", "aab", "a.b", "xb", "%61", "a%62", "z", "", "a;p=1", "**"];
    private static readonly string[] s_scopes = ["", "h.example.com", "*.example.com", "*.h.example.com"];
    private static readonly string[] s_hosts = ["h.example.com", "x.h.example.com", "example.com", "o.test", "H.Example.com:443"];

    [Theory]
    [InlineData("api.example.com", "/v1/users/42", "/v1/users/{userId}")]
    [InlineData("API.EXAMPLE.COM", "/v1/users/42/", "/v1/users/{userId}")]
    [InlineData("api.example.com:8443", "//v1/users/x%20y?z=1", "/v1/users/{userId}")]
    [InlineData("api.example.com.", "/v1/%75sers;v=1/42", "/v1/users/{userId}")]
    [InlineData("api.example.com", "/v1/users/me", "/v1/users/me")]
    [InlineData("api.example.com", "/v1/users/a%2Fb", "/v1/users/{userId}")]
    [InlineData("other.example.com", "/v1/users/42", null)]
    [InlineData("api.example.com", "/v1/Users/42", null)]
    [InlineData("api.example.com", "/v1/users", null)]
    [InlineData("api.example.com", "/v1/users/1/2", null)]
    [InlineData("x.shop.test", "/files/a/b/c", "/files/**")]
    [InlineData("x.y.shop.test", "/files", "/files/**")]
    [InlineData("shop.test", "/files/a", null)]
    [InlineData("any.test", "/reports/q3.json", "/reports/{name}.json")]
    [InlineData("any.test", "/reports/.json", null)]
    [InlineData("any.test", "/reports/q3.xml", null)]
    [InlineData("any.test", "/jobs/7:cancel", "/jobs/{id}:cancel")]
    [InlineData("any.test", "/range/1-9/x", "/range/{from}-{to}/x")]
    [InlineData("any.test", "/range/1-/x", null)]
    [InlineData("any.test", "/proxy/a/b", "/proxy/{path+}")]
    [InlineData("any.test", "/", "/")]
    [InlineData("any.test", "/caf%C3%A9", "/café")]
    public void TryMatch_HostAndPath_FindTheTemplate(string host, string path, string? expected)
    {
        TemplateSet set = Compile(
            [
                "api.example.com/v1/users/{userId}", "api.example.com/v1/users/me", "*.shop.test/files/**", "/reports/{name}.json",
                "/jobs/{id}:cancel", "/range/{from}-{to}/x", "/proxy/{path+}", "/", "/café",
            ],
            []);
        Assert.Equal(expected, Match(set, host, path, out _));
    }

    [Theory]
    [InlineData("/a/b/c", "/a/b/{x}")]
    [InlineData("/a/z/c", "/a/{x}/c")]
    [InlineData("/a/z/y", "/a/**")]
    [InlineData("/a", "/a/**")]
    [InlineData("/a/b/c/d", "/a/**")]
    [InlineData("/z/b/c", "/{x}/b/c")]
    [InlineData("/z/pre-7-post", "/z/pre-{x}-post")]
    [InlineData("/z/pre-7", "/z/pre-{x}")]
    [InlineData("/z/other", "/z/{x}")]
    public void TryMatch_SeveralMatch_MoreLiteralWins(string path, string expected)
    {
        TemplateSet set = Compile(
            ["/a/**", "/a/{x}/c", "/{x}/b/c", "/a/b/{x}", "/a/{y}/{z}/{w}/q", "/z/{x}", "/z/pre-{x}", "/z/pre-{x}-post"], []);
        Assert.Equal(expected, Match(set, "h.test", path, out _));
    }

    [Fact]
    public void TryMatch_SeveralScopes_NearestHostWins()
    {
        TemplateSet set = Compile(["/**", "*.test/{a}", "*.b.test/{b}", "a.b.test/{c}", "a.b.test/only/{d}"], []);
        Assert.Equal("/{c}", Match(set, "a.b.test", "/x", out _));
        Assert.Equal("/{b}", Match(set, "z.b.test", "/x", out _));
        Assert.Equal("/{a}", Match(set, "b.test", "/x", out _));
        Assert.Equal("/**", Match(set, "test", "/x", out _));
        Assert.Equal("/**", Match(set, "a.b.test", "/x/y", out _));
    }

    [Fact]
    public void TryMatch_UserAndApiTemplateAlike_UserNamesItAndItIsAnApi()
    {
        TemplateSet set = Compile(["/v1/things/{thing}", "/mine/{x}"], ["/v1/things/{id}", "/v1/other/{id}"]);
        Assert.Equal("/v1/things/{thing}", Match(set, "h.test", "/v1/things/1", out bool isApi));
        Assert.True(isApi);
        Assert.Equal("/v1/other/{id}", Match(set, "h.test", "/v1/other/1", out isApi));
        Assert.True(isApi);
        Assert.Equal("/mine/{x}", Match(set, "h.test", "/mine/1", out isApi));
        Assert.False(isApi);
        Assert.Equal(3, set.Count);
    }

    [Fact]
    public void Compile_BadTemplates_GathersEveryProblem()
    {
        var errors = new List<string>();
        TemplateSet set = TemplateSet.Compile(
            new ClassificationSettings
            {
                PathTemplates =
                [
                    "users", "v1/users/{id}", "/a/{b", "/a/b}", "/a/{}", "/a/**/b", "/a/*/b", "/a//b", "/a?x=1", "/a b", "/a/…", "/a;b",
                    "ex_ample!.com/a", "/" + new string('a', 600), "/ok/{id}", string.Concat(Enumerable.Repeat("/a", 33)), "/a\u0007",
                ],
                ApiTemplates = ["/{{x}}"],
            },
            errors);
        Assert.Equal(1, set.Count);
        Assert.Equal(
            [
                "path_templates[0] 'users' is no usable path template: it has no path; write '/path' or 'host/path'.",
                "path_templates[1] 'v1/users/{id}' is no usable path template: 'v1' is taken for a host and has no dot; a path starts with '/'.",
                "path_templates[2] '/a/{b' is no usable path template: '{b' has a '{' without a '}' after it.",
                "path_templates[3] '/a/b}' is no usable path template: 'b}' has a '}' without a '{' before it.",
                "path_templates[4] '/a/{}' is no usable path template: '{}' has a placeholder without a plain name.",
                "path_templates[5] '/a/**/b' is no usable path template: '**' matches the rest of a path and can only come last.",
                "path_templates[6] '/a/*/b' is no usable path template: '*' is no placeholder; write '{name}' for one segment or a last '/**' for the rest.",
                "path_templates[7] '/a//b' is no usable path template: it holds '//', which requests never match, because empty segments are skipped.",
                "path_templates[8] '/a?x=1' is no usable path template: a template has no query and no fragment.",
                "path_templates[9] '/a b' is no usable path template: it holds a blank or a control character; encode it as %XX.",
                "path_templates[10] '/a/…' is no usable path template: '…' marks a path that was cut and cannot be matched; end the template with '/**'.",
                "path_templates[11] '/a;b' is no usable path template: ';' cannot be matched, because matrix parameters are cut from paths; write it without.",
                "path_templates[12] 'ex_ample!.com/a' is no usable path template: a host holds letters, digits, hyphens and dots, and may start with '*.'.",
                "path_templates[13] '/" + new string('a', 199) + "…' is no usable path template: its path is longer than 512 bytes.",
                "path_templates[15] '" + string.Concat(Enumerable.Repeat("/a", 33)) + "' is no usable path template: it has more than 32 segments.",
                "path_templates[16] '/a\\u0007' is no usable path template: it holds a blank or a control character; encode it as %XX.",
                "api_templates[0] '/{{x}}' is no usable path template: '{{x}}' has a placeholder without a plain name.",
            ],
            errors);
    }

    [Fact]
    public void TryMatch_RandomTemplates_AgreesWithTryingEach()
    {
        Gen<string> template = Gen.Select(
            Gen.Int[0, s_scopes.Length - 1],
            Gen.Int[0, s_words.Length - 1].Array[0, 4],
            (scope, words) => s_scopes[scope] + "/" + string.Join('/', words.Select((word, i) => word == 9 && i < words.Length - 1 ? "c" : s_words[word])));
        Gen<string> path = Gen.Int[0, s_pathWords.Length - 1].Array[0, 5].Select(words => "/" + string.Join('/', words.Select(word => s_pathWords[word])));
        Gen.Select(template.Array[0, 12], Gen.Int[0, s_hosts.Length - 1], path.Array[1, 6]).Sample(
            (templates, host, paths) =>
            {
                TemplateSet set = Compile(templates, []);
                foreach (string one in paths)
                {
                    Assert.Equal(Oracle(templates, s_hosts[host], one), Match(set, s_hosts[host], one, out _));
                }
            },
            iter: 8_000);
    }

    [Fact]
    public void TryMatch_TextOfKnownTemplate_IsNeverWrittenBySyntaxForTheSameHost()
    {
        TemplateSet set = Compile([], ["/v1/users/{id}", "/v1/cus_{id}/x", "/files/{id}.json", "/odata/Users({id})", "/p/@{name}", "/h/0x{id}"]);
        string[] heads = ["/v1/users/", "/v1/cus_", "/files/", "/odata/Users(", "/p/@", "/h/0x", "/v1//users/", "/%76%31/users/"];
        string[] tails = ["", "/", ")", ".json", "/x", "%2e", ";a", "?b"];
        byte[] buffer = new byte[PathTemplater.MaxTemplateBytes];
        Gen.Select(Gen.Int[0, heads.Length - 1], Gen.Char["0123456789abcdefX-_.%{}"].Array[0, 300], Gen.Int[0, tails.Length - 1]).Sample(
            (head, middle, tail) =>
            {
                string path = heads[head] + new string(middle) + tails[tail];
                string written = Encoding.UTF8.GetString(buffer, 0, PathTemplater.Write(Encoding.UTF8.GetBytes(path), buffer));
                bool known = set.TryMatch("h.test"u8, Encoding.UTF8.GetBytes(path), out _);
                Assert.True(known || !set.TryMatch("h.test"u8, Encoding.UTF8.GetBytes(written), out TemplateMatch same)
                    || Encoding.UTF8.GetString(same.Text) != written);
            },
            iter: 8_000,
            threads: 1);
    }

    [Fact]
    public void TryMatch_WarmedUp_AllocatesNothing()
    {
        TemplateSet set = Compile(["*.example.com/v1/users/{id}", "/reports/{name}.json", "/a/**"], []);
        byte[][] paths = [.. new[] { "/v1/users/4", "/reports/%41.json", "/a/b/c", "/none" }.Select(Encoding.UTF8.GetBytes)];
        long allocated = Allocations.Of(() =>
        {
            foreach (byte[] path in paths)
            {
                set.TryMatch("api.example.com"u8, path, out _);
            }
        });
        Assert.Equal(0, allocated);
    }

    // The rules of TemplateSet's remarks, applied to each template with regular expressions.
    private static string? Oracle(string[] templates, string host, string path)
    {
        string name = host.Split(':')[0].ToLowerInvariant();
        string[] segments = [.. path.Split('/').Select(part => Uri.UnescapeDataString(part.Split(';')[0])).Where(part => part.Length > 0)];
        string? best = null;
        string bestKey = "";
        foreach (string template in templates)
        {
            string scope = template[..template.IndexOf('/', StringComparison.Ordinal)];
            string text = template[scope.Length..];
            bool applies = scope.Length == 0 || scope == name || (scope[0] == '*' && name.EndsWith(scope[1..], StringComparison.Ordinal));
            string[] parts = text == "/" ? [] : text[1..].Split('/');
            bool rest = parts.Length > 0 && parts[^1] == "**";
            int count = rest ? parts.Length - 1 : parts.Length;
            if (!applies || segments.Length < count || (!rest && segments.Length != count)
                || !Enumerable.Range(0, count).All(i => Regex.IsMatch(segments[i], Expression(parts[i]))))
            {
                continue;
            }

            string key = (scope.Length == 0 ? 'c' : scope[0] == '*' ? 'b' : 'a') + (1000 - scope.Length).ToString("d4", null)
                + string.Concat(parts.Select(Rank));
            if (best is null || string.CompareOrdinal(key, bestKey) < 0)
            {
                (best, bestKey) = (text, key);
            }
        }

        return best;
    }

    private static string Expression(string part) => "^" + Regex.Replace(Regex.Escape(part), @"\\\{\w}", ".+") + "$";

    private static string Rank(string part)
    {
        if (part is "**")
        {
            return "d";
        }

        int literal = Regex.Replace(part, @"\{\w}", "").Length;
        string shape = Convert.ToHexString(Encoding.UTF8.GetBytes(Regex.Replace(part, @"\{\w}", "{}"))).Replace("7B7D", "{}", StringComparison.Ordinal);
        return !part.Contains('{', StringComparison.Ordinal) ? "a" : literal == 0 ? "c" : $"b{9 - literal}{shape};";
    }

    private static TemplateSet Compile(string[] templates, string[] apiTemplates)
    {
        var errors = new List<string>();
        TemplateSet set = TemplateSet.Compile(new ClassificationSettings { PathTemplates = templates, ApiTemplates = apiTemplates }, errors);
        Assert.Empty(errors);
        return set;
    }

    private static string? Match(TemplateSet set, string host, string path, out bool isApi)
    {
        bool found = set.TryMatch(Encoding.UTF8.GetBytes(host), Encoding.UTF8.GetBytes(path), out TemplateMatch match);
        isApi = match.IsApi;
        return found ? Encoding.UTF8.GetString(match.Text) : null;
    }
}
