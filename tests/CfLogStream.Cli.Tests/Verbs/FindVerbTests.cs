using CfLogStream.Cli.Verbs;

namespace CfLogStream.Cli.Tests.Verbs;

/// <summary>What <c>find</c> refuses before it opens anything, and how it reads addresses and statuses.</summary>
public sealed class FindVerbTests
{
    [Theory]
    [InlineData("203.0.113.7", "::ffff:203.0.113.7", "::ffff:203.0.113.7")]
    [InlineData("203.0.113.7/24", "::ffff:203.0.113.0", "::ffff:203.0.113.255")]
    [InlineData("203.0.113.7/0", "::ffff:0:0", "::ffff:255.255.255.255")]
    [InlineData("2001:db8::1", "2001:db8::1", "2001:db8::1")]
    [InlineData("2001:db8:1:2:3::/33", "2001:db8::", "2001:db8:7fff:ffff:ffff:ffff:ffff:ffff")]
    [InlineData("::/0", "::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")]
    public void AddressRange_Prefix_HasItsFirstAndLastAddress(string text, string first, string last)
    {
        (System.Net.IPAddress low, System.Net.IPAddress high) = AddressRange.Read("--ip", text);
        Assert.Equal((first, last), (low.ToString(), high.ToString()));
    }

    [Theory]
    [InlineData("--ip 10.1", "The value of '--ip' is '10.1': it is no address; expected for instance '203.0.113.7', '203.0.113.0/24' or '2001:db8::/32'.")]
    [InlineData("--ip 10.1.2.3/33", "The value of '--ip' is '10.1.2.3/33': '33' is no prefix length from 0 to 32; expected for instance '203.0.113.7', '203.0.113.0/24' or '2001:db8::/32'.")]
    [InlineData("--ip fe80::1%1", "The value of '--ip' is 'fe80::1%1': it is no address; expected for instance '203.0.113.7', '203.0.113.0/24' or '2001:db8::/32'.")]
    [InlineData("--status 4x", "The value of '--status' is '4x'; expected statuses such as '403', '4xx' or '403,429'.")]
    [InlineData("--status 403,", "The value of '--status' is '403,'; expected statuses such as '403', '4xx' or '403,429'.")]
    [InlineData("--limit 0", "The value of '--limit' is '0'; expected a number from 1 to 10000.")]
    [InlineData("--outcome gone", "The value of '--outcome' is 'gone'; expected one of lost, passed, exempted, logged, challenged, challenge_solved, rate_limited, blocked, dropped.")]
    [InlineData("--within 5m", "'--within' says how far before and after '--at'; give '--at' too, or '--since' instead.")]
    [InlineData("--at now --since 2h", "Give either '--at' with '--within', or '--since' and '--until', not both.")]
    [InlineData("--since 2026-01-02 --until 2026-01-01", "'--since' (2026-01-02 00:00:00 UTC) is after '--until' (2026-01-01 00:00:00 UTC).")]
    public async Task Find_WrongOption_SaysWhatIsExpected(string args, string message)
    {
        CommandOutcome outcome = await CommandLine.RunAsync(["find", .. args.Split(' ')], VerbList.All());
        Assert.Equal((ExitCode.Usage, $"cflogstream: {message}\n"), (outcome.ExitCode, outcome.Stderr));
    }

    [Theory]
    [InlineData("403", 403, 403)]
    [InlineData("4XX", 400, 499)]
    [InlineData("0", 0, 0)]
    public void StatusRange_Status_IsARange(string text, int first, int last) => Assert.Equal([(first, last)], StatusRange.Read("--status", text));
}
