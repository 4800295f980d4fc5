using CfLogStream.Core.Insight.Controls;
using CfLogStream.Core.Traffic.Controls;
using Xunit;

namespace CfLogStream.Core.Tests.Insight.Controls;

public sealed class ControlCatalogTests
{
    [Fact]
    public void All_EveryNamedControl_HasFacts()
    {
        foreach (string control in ControlNames.Known.Where(static name => name is not ("" or "unknown")))
        {
            ControlFacts facts = ControlCatalog.Of(control);
            Assert.True(facts.IsKnown, control);
            Assert.NotEmpty(facts.Exempting);
            Assert.True(facts.Refused.Count > 0 || facts.Note.Length > 0, control);
        }
    }

    [Theory]
    [InlineData("firewallCustom", "firewallcustom")]
    [InlineData("security_level", "securitylevel")]
    [InlineData("sanitycheck", "validation")]
    [InlineData("Brand New Control", "brandnewcontrol")]
    [InlineData("", "")]
    public void Of_AnySpelling_IsFolded(string control, string expected) => Assert.Equal(expected, ControlCatalog.Of(control).Control);

    [Fact]
    public void ControlsAfter_CustomRule_NamesItsPhaseThenLaterPhasesThenTheUnordered()
    {
        IReadOnlyList<LaterControl> after = ControlCatalog.ControlsAfter("firewallcustom");
        Assert.Equal(
            [
                "firewallcustom", "ratelimit", "apishieldschemavalidation", "apishieldtokenvalidation", "apishieldsequencemitigation",
                "apishield", "firewallmanaged", "botmanagement",
            ],
            after.Where(static later => later.Relation != LaterRelation.OrderUnknown).Select(static later => later.Facts.Control));
        Assert.Contains(after, static later => later.Facts.Control == "botfight" && later.Relation == LaterRelation.OrderUnknown);
        Assert.DoesNotContain(after, static later => later.Facts.Control is "l7ddos" or "validation" or "dlp");
    }

    [Fact]
    public void ControlsAfter_ZoneLockdown_HasUserAgentBlockingForCertain()
    {
        Assert.Equal(LaterRelation.Later, ControlCatalog.ControlsAfter("zoneLockdown").Single(After("uablock")).Relation);
        Assert.DoesNotContain(ControlCatalog.ControlsAfter("uablock"), after => After("zonelockdown")(after));
    }

    [Fact]
    public void ControlsAfter_ValidationCheck_IsEverything() =>
        Assert.All(ControlCatalog.ControlsAfter("validation"), static later => Assert.Equal(LaterRelation.Later, later.Relation));

    [Fact]
    public void ControlsAfter_UnknownControl_ClaimsNoOrder() =>
        Assert.All(
            ControlCatalog.ControlsAfter("quantumshield"), static later => Assert.Equal(LaterRelation.OrderUnknown, later.Relation));

    private static Func<LaterControl, bool> After(string control) => later => later.Facts.Control == control;
}
