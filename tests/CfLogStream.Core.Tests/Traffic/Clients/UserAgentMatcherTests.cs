using System.Text;
using CfLogStream.Core.Traffic;
using CfLogStream.Core.Traffic.Clients;
using CsCheck;

namespace CfLogStream.Core.Tests.Traffic.Clients;

public sealed class UserAgentMatcherTests
{
    [Theory]
    [InlineData("acme", "acme/1", true)]
    [InlineData("acme", "x acme/1", true)]
    [InlineData("acme", "xacme/1", false)]
    [InlineData("acme", "9acme/1", false)]
    [InlineData("acme", "-acme/1", true)]
    [InlineData("acme", "(ACME/1)", true)]
    [InlineData("acme", "acmebot", true)]
    [InlineData("; wv)", "Pixel 6; wv)", true)]
    [InlineData("^acme", "acme/1", true)]
    [InlineData("^acme", "  acme/1", true)]
    [InlineData("^acme", "my acme/1", false)]
    [InlineData("=acme", "acme", true)]
    [InlineData("=acme", "ACME ", true)]
    [InlineData("=acme", "acme/1", false)]
    [InlineData("acme tool", "acme\ttool", false)]
    [InlineData("acme", "x\u0001acme", true)]
    public void Match_Token_FollowsBoundariesAndAnchors(string token, string userAgent, bool expected)
    {
        var matcher = new UserAgentMatcher([Definition(token, ClientClass.Monitoring, "acme")]);
        Assert.Equal(expected, matcher.Match(Encoding.UTF8.GetBytes(userAgent)).TryGetRank(MatchLevel.Named, out _));
    }

    [Fact]
    public void Match_TokenBehind512Bytes_IsNotSeen()
    {
        var matcher =
            new UserAgentMatcher([Definition("acme", ClientClass.Monitoring, "acme"), Definition("=" + new string('a', 600), ClientClass.Feed, "long")]);
        Assert.True(matcher.Match(Encoding.ASCII.GetBytes(new string(' ', 507) + ".acme")).TryGetRank(MatchLevel.Named, out _));
        Assert.True(matcher.Match(Encoding.ASCII.GetBytes("." + new string('-', 507) + "acme")).TryGetRank(MatchLevel.Named, out _));
        Assert.False(matcher.Match(Encoding.ASCII.GetBytes("." + new string('-', 508) + "acme")).TryGetRank(MatchLevel.Named, out _));
        Assert.False(matcher.Match(Encoding.ASCII.GetBytes(new string('a', 600))).TryGetRank(MatchLevel.Named, out _));
    }

    [Fact]
    public void Match_SameLevel_LongestThenFirstWins()
    {
        var matcher = new UserAgentMatcher(
        [
            Definition("acme", ClientClass.Feed, "short"),
            Definition("acme shop", ClientClass.Crawler, "long"),
            Definition("other one", ClientClass.Preview, "second"),
        ]);
        Assert.Equal("long", Winner(matcher, "acme shop"));
        Assert.Equal("short", Winner(matcher, "acme"));
        Assert.Equal("long", Winner(matcher, "other one acme shop"));
    }

    [Fact]
    public void Match_UserToken_BeatsLongerBuiltInOneOfItsLevelOnly()
    {
        var matcher = new UserAgentMatcher(
        [
            Definition("acme shop", ClientClass.Crawler, "built_in"),
            Definition("acme", ClientClass.Feed, "user", fromUser: true),
            Definition("acme", ClientClass.Scanner, "scanner"),
        ]);
        AgentMatch match = matcher.Match("acme shop"u8);
        Assert.True(match.TryGetRank(MatchLevel.Named, out int named));
        Assert.Equal("user", Encoding.UTF8.GetString(matcher[named].Name));
        Assert.True(match.TryGetRank(MatchLevel.Scanner, out _));
    }

    [Fact]
    public void Match_AnyTokensAndText_AgreesWithSearchingEachToken() =>
        Gen.String[Gen.Char["abAB /."], 1, 5].List[1, 12].Select(Gen.String[Gen.Char["abAB /.\u0001é"], 0, 60], Gen.Int[0, 2].List[12])
            .Sample((tokens, text, anchors) =>
            {
                List<ClientDefinition> definitions =
                [
                    .. tokens.Select((token, i) => Definition((anchors[i] == 1 ? "^" : anchors[i] == 2 ? "=" : "") + token, ClientClass.Sdk, $"t{i}")),
                ];
                var matcher = new UserAgentMatcher(definitions);
                AgentMatch match = matcher.Match(Encoding.UTF8.GetBytes(text));
                string trimmed = text.Trim(' ', '\u0001');
                foreach (MatchLevel level in (MatchLevel[])[MatchLevel.Library, MatchLevel.LibraryInside])
                {
                    string expected = definitions
                        .Select((definition, i) => (definition, i))
                        .Where(item => Starts(item.definition, trimmed).Any(start => (start == 0) == (level == MatchLevel.Library)))
                        .OrderByDescending(item => item.definition.Token.Length)
                        .ThenBy(item => item.i)
                        .Select(item => Encoding.UTF8.GetString(item.definition.Name))
                        .FirstOrDefault("none");
                    string actual = match.TryGetRank(level, out int rank) ? Encoding.UTF8.GetString(matcher[rank].Name) : "none";
                    Assert.Equal(expected, actual);
                }
            });

    [Fact]
    public void Match_AnyBytes_NeverThrows()
    {
        var matcher = new UserAgentMatcher(ClientTables.BuiltIn);
        var cache = new UserAgentCache(matcher);
        Gen.Byte.Array[0, 700].Sample(bytes => _ = Read(cache, bytes));
    }

    [Fact]
    public void Cache_AnySequence_AgreesWithTheMatcher()
    {
        var matcher = new UserAgentMatcher(ClientTables.BuiltIn);
        string[] agents =
            ["curl/8", "okhttp/4.12.0", "Acme App/1 CFNetwork/2", new string('x', 300) + "/1", "FooBot/1 (+http://foo.example)", ""];
        Gen.Int[0, agents.Length - 1].List[1, 40].Sample(order =>
        {
            var cache = new UserAgentCache(matcher);
            foreach (int i in order)
            {
                var fresh = new UserAgentCache(matcher);
                byte[] agent = Encoding.UTF8.GetBytes(agents[i]);
                int slot = Read(cache, agent);
                int freshSlot = Read(fresh, agent);
                Assert.Equal(Encoding.UTF8.GetString(fresh.Product(freshSlot)), Encoding.UTF8.GetString(cache.Product(slot)));
                Assert.Equal(Encoding.UTF8.GetString(fresh.Application(freshSlot)), Encoding.UTF8.GetString(cache.Application(slot)));
                Assert.Equal(Encoding.UTF8.GetString(fresh.Crawler(freshSlot)), Encoding.UTF8.GetString(cache.Crawler(slot)));
                Assert.Equal(fresh[freshSlot].Match.Marks, cache[slot].Match.Marks);
            }
        });
    }

    private static string Winner(UserAgentMatcher matcher, string userAgent) =>
        matcher.Match(Encoding.UTF8.GetBytes(userAgent)).TryGetRank(MatchLevel.Named, out int rank) ? Encoding.UTF8.GetString(matcher[rank].Name) : "none";

    private static IEnumerable<int> Starts(ClientDefinition definition, string text)
    {
        string token = Encoding.UTF8.GetString(definition.Token);
        for (int start = text.IndexOf(token, StringComparison.OrdinalIgnoreCase); start >= 0;
            start = text.IndexOf(token, start + 1, StringComparison.OrdinalIgnoreCase))
        {
            bool boundary = start == 0 || !char.IsAsciiLetterOrDigit(token[0]) || !char.IsAsciiLetterOrDigit(text[start - 1]);
            bool anchored = definition.Anchor switch
            {
                '^' => start == 0,
                '=' => start == 0 && token.Length == text.Length,
                _ => true,
            };
            if (boundary && anchored)
            {
                yield return start;
            }
        }
    }

    private static ClientDefinition Definition(string token, ClientClass clientClass, string name, bool fromUser = false) =>
        new(token, clientClass, name, ClientHints.None, 0, "test", fromUser);

    private static int Read(UserAgentCache cache, byte[] agent) =>
        cache.Read(WideText.Copy(agent, new byte[WideText.Width]), agent.Length);
}
