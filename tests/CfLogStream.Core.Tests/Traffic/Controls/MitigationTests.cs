using System.Text;
using CfLogStream.Core.Traffic;
using CfLogStream.Core.Traffic.Controls;
using CsCheck;

namespace CfLogStream.Core.Tests.Traffic.Controls;

public sealed class MitigationTests
{
    [Theory]
    [InlineData("managedChallenge", "managedchallenge")]
    [InlineData("managed_challenge", "managedchallenge")]
    [InlineData("Managed Challenge", "managedchallenge")]
    [InlineData("js-challenge", "jschallenge")]
    [InlineData("ipRange", "iprange")]
    [InlineData("l7ddos", "l7ddos")]
    [InlineData("neuÉ", "neuÉ")]
    [InlineData("", "")]
    public void Fold_Spellings_GiveOne(string value, string expected) => Assert.Equal(expected, Fold(value));

    [Fact]
    public void Fold_SmallRoom_NeverCutsACharacter() => Gen.String[0, 20].Select(Gen.Int[0, 20]).Sample((value, room) =>
    {
        byte[] bytes = Encoding.UTF8.GetBytes(value);
        byte[] destination = new byte[room];
        int written = Mitigation.Fold(bytes, destination);
        string folded = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(destination, 0, written);
        Assert.StartsWith(folded, Fold(Encoding.UTF8.GetString(bytes)), StringComparison.Ordinal);
    });

    [Theory]
    [InlineData("", Outcome.Passed)]
    [InlineData("unknown", Outcome.Logged)]
    [InlineData("allow", Outcome.Exempted)]
    [InlineData("skip", Outcome.Exempted)]
    [InlineData("bypass", Outcome.Exempted)]
    [InlineData("log", Outcome.Logged)]
    [InlineData("rewrite", Outcome.Logged)]
    [InlineData("simulate", Outcome.Logged)]
    [InlineData("block", Outcome.Blocked)]
    [InlineData("drop", Outcome.Dropped)]
    [InlineData("connectionClose", Outcome.Dropped)]
    [InlineData("forceConnectionClose", Outcome.Dropped)]
    [InlineData("challenge", Outcome.Challenged)]
    [InlineData("jschallenge", Outcome.Challenged)]
    [InlineData("managedChallenge", Outcome.Challenged)]
    [InlineData("challengeFailed", Outcome.Challenged)]
    [InlineData("jschallengeFailed", Outcome.Challenged)]
    [InlineData("challengeSolved", Outcome.ChallengeSolved)]
    [InlineData("challengeBypassed", Outcome.ChallengeSolved)]
    [InlineData("jschallengeSolved", Outcome.ChallengeSolved)]
    [InlineData("jschallengeBypassed", Outcome.ChallengeSolved)]
    [InlineData("managedChallengeNonInteractiveSolved", Outcome.ChallengeSolved)]
    [InlineData("managedChallengeInteractiveSolved", Outcome.ChallengeSolved)]
    [InlineData("managedChallengeBypassed", Outcome.ChallengeSolved)]
    [InlineData("precursorinterstitialpageissued", Outcome.Challenged)]
    [InlineData("precursorinterstitialpagebypassed", Outcome.ChallengeSolved)]
    [InlineData("precursorinterstitialpagesolved", Outcome.ChallengeSolved)]
    [InlineData("brandNewChallenge", Outcome.Challenged)]
    [InlineData("brandNewAction", Outcome.Logged)]
    public void OutcomeOf_Action_IsItsEffect(string action, Outcome expected)
    {
        byte[] folded = Encoding.UTF8.GetBytes(Fold(action));
        Assert.Equal(expected, Mitigation.OutcomeOf(folded, "firewallcustom"u8));
        bool stopped = expected is Outcome.Blocked or Outcome.Dropped or Outcome.Challenged;
        Assert.Equal(stopped, Mitigation.IsTerminating(folded));
        Assert.Equal(expected == Outcome.ChallengeSolved, Mitigation.IsSolved(folded));
    }

    [Fact]
    public void OutcomeOf_BlockOfARateLimit_IsRateLimited()
    {
        Assert.Equal(Outcome.RateLimited, Mitigation.OutcomeOf("block"u8, "ratelimit"u8));
        Assert.Equal(Outcome.Challenged, Mitigation.OutcomeOf("managedchallenge"u8, "ratelimit"u8));
    }

    [Theory]
    [InlineData("brandnewaction", 403, false, Outcome.Blocked)]
    [InlineData("brandnewaction", 429, false, Outcome.Blocked)]
    [InlineData("brandnewaction", 403, true, Outcome.Logged)]
    [InlineData("brandnewaction", 200, false, Outcome.Logged)]
    [InlineData("brandnewaction", 0, false, Outcome.Logged)]
    [InlineData("log", 403, false, Outcome.Logged)]
    [InlineData("skip", 403, false, Outcome.Exempted)]
    [InlineData("unknown", 403, false, Outcome.Blocked)]
    [InlineData("", 403, false, Outcome.Passed)]
    public void OutcomeOf_UnknownAction_IsABlockOnlyIfTheEdgeRefused(string action, int status, bool originAnswered, Outcome expected) =>
        Assert.Equal(expected, Mitigation.OutcomeOf(Encoding.UTF8.GetBytes(action), "x"u8, status, originAnswered));

    [Theory]
    [InlineData(Outcome.Passed, false, false)]
    [InlineData(Outcome.Exempted, false, false)]
    [InlineData(Outcome.Logged, false, false)]
    [InlineData(Outcome.Challenged, false, true)]
    [InlineData(Outcome.Challenged, true, false)]
    [InlineData(Outcome.ChallengeSolved, false, false)]
    [InlineData(Outcome.RateLimited, true, true)]
    [InlineData(Outcome.Blocked, true, true)]
    [InlineData(Outcome.Dropped, true, true)]
    public void IsLost_ByOutcomeAndClient(Outcome outcome, bool browser, bool expected) =>
        Assert.Equal(expected, Mitigation.IsLost(outcome, browser));

    [Fact]
    public void ControlNames_Known_AreForPeople()
    {
        Assert.Equal("WAF custom rule", ControlNames.Of("firewallcustom"));
        Assert.Equal("Bot Fight Mode", ControlNames.Of("botfight"u8));
        Assert.Equal("brandnewproduct", ControlNames.Of("brandnewproduct"));
        string[] documented =
        [
            "unknown", "asn", "country", "ip", "ipRange", "securityLevel",
            "zoneLockdown", "waf", "firewallRules", "uaBlock", "rateLimit", "bic", "hot",
            "l7ddos", "validation", "botFight", "apiShield",
            "botManagement", "dlp", "firewallManaged", "firewallCustom", "apiShieldSchemaValidation",
            "apiShieldTokenValidation", "apiShieldSequenceMitigation",
        ];
        Assert.All(documented, control => Assert.Contains(Fold(control), ControlNames.Known));
    }

    private static string Fold(string value)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(value);
        byte[] destination = new byte[bytes.Length];
        return Encoding.UTF8.GetString(destination, 0, Mitigation.Fold(bytes, destination));
    }
}
