using System.Globalization;
using System.Text.Json;
using CfLogStream.Server.Insight.Reporting;

namespace CfLogStream.Server.Tests.Insight.Reporting;

/// <summary>The HTML report in a real browser.</summary>
public sealed class DiagnosisHtmlTests
{
    private const string Pwned = "data-pwned";

    [Fact]
    public async Task Write_HostileText_GivesTheElementsOfHarmlessText()
    {
        Browser.SkipIfMissing();
        string harmless = PictureTests.Html(HostileDiagnosis.Build("harmless words"));
        string[] pages = [harmless, .. HostileDiagnosis.Html.Select(text => PictureTests.Html(HostileDiagnosis.Build(Aimed(text, "http://127.0.0.1:9"))))];

        JsonElement skeletons = await BrowserProbe.SkeletonsAsync(pages);

        string expected = skeletons[0].GetString()!;
        Assert.Contains("section[class,id,aria-labelledby]", expected, StringComparison.Ordinal);
        for (int i = 1; i < pages.Length; i++)
        {
            Assert.True(expected == skeletons[i].GetString(), $"This text makes elements of its own: {HostileDiagnosis.Html[i - 1]}");
        }

        Assert.DoesNotContain("script", expected, StringComparison.Ordinal);
        Assert.DoesNotMatch(@"[\[,](style|src|on\w+)[,\]]", expected);
    }

    [Theory]
    [InlineData("encoded, with the policy", false)]
    [InlineData("encoded, without the policy", false)]
    [InlineData("not encoded, with the policy", false)]
    [InlineData("not encoded, without the policy", true)]
    public async Task Write_HostileText_RunsNothingAndSendsNothing(string protection, bool harmed)
    {
        Browser.SkipIfMissing();
        using var listener = new RequestTrap();
        string attacks = Aimed(string.Join(' ', HostileDiagnosis.Html), listener.Address);
        string page = PictureTests.Html(HostileDiagnosis.Build(attacks));
        if (protection.EndsWith("without the policy", StringComparison.Ordinal))
        {
            page = page.Replace("http-equiv=\"Content-Security-Policy\"", "name=\"none\"", StringComparison.Ordinal);
        }

        if (protection.StartsWith("not encoded", StringComparison.Ordinal))
        {
            // What would happen if a text got through as it is. A refresh is no request of the page's content and is not what the policy is about.
            page = page.Replace("<main>", "<main>" + attacks.Replace("refresh", "none", StringComparison.Ordinal), StringComparison.Ordinal);
        }

        string document = await BrowserProbe.LoadAsync(page);

        Assert.Contains("What Cloudflare stops", document, StringComparison.Ordinal);
        string start = document[..document.IndexOf('>', document.IndexOf("<html", StringComparison.Ordinal))];
        Assert.Equal(harmed, start.Contains(Pwned, StringComparison.Ordinal));
        Assert.Equal(harmed, listener.Requests > 0);
    }

    [Theory]
    [InlineData("sample", false)]
    [InlineData("sample", true)]
    [InlineData("hostile", false)]
    [InlineData("nothing", true)]
    public async Task Write_OnAPhoneOf320Pixels_FitsAndCanBeRead(string name, bool dark)
    {
        Browser.SkipIfMissing();
        string page = PictureTests.Html(name switch
        {
            "sample" => SampleDiagnosis.Build(),
            "nothing" => SampleDiagnosis.Nothing(),
            _ => HostileDiagnosis.Build(new string('x', 900) + string.Concat(HostileDiagnosis.Html)),
        });

        JsonElement phone = await BrowserProbe.MeasureAsync(page, 320, dark);

        Assert.Equal(320, phone.GetProperty("width").GetInt32());
        Assert.True(phone.GetProperty("scroll").GetInt32() <= 320, $"The page is {phone.GetProperty("scroll")} pixels wide: {phone.GetProperty("widest")}");
        Assert.Equal(dark, phone.GetProperty("dark").GetBoolean());
        Assert.True(
            phone.GetProperty("contrast").GetDouble() >= 4.5,
            string.Create(CultureInfo.InvariantCulture, $"Contrast {phone.GetProperty("contrast").GetDouble():0.00} at '{phone.GetProperty("palest")}'."));
        Assert.True(phone.GetProperty("smallest").GetDouble() >= 11.5, $"Text of {phone.GetProperty("smallest")} pixels.");
    }

    [Fact]
    public void Write_SampleDiagnosis_SaysAllOfAFinding()
    {
        string page = PictureTests.Html(SampleDiagnosis.Build());

        string[] expected =
        [
            "A false positive: this traffic is almost certainly legitimate (98&#xA0;%), and it is stopped.",
            "17,402 of 17,610 requests lost (98.8&#xA0;%), 712 callers", "95&#xA0;% interval 98.5 to 99.2&#xA0;%",
            "Since 2026-05-04 15:31:12 UTC, still going on", "44 s before the onset", "a4e1c07f9b3d4c52", "The challenge goes to a client that cannot solve it.",
            "Edge platform, #edge-platform", "Before: 6,420 requests, 0 lost", "onset 05-04 15:31 UTC", "The clients were there in 31 of 31 half-hours",
            "POST api.shop.example/v1/orders", "cflogstream ray 8f2ab61c4d0e93a7", "Skip rule", "cf.tls_client_auth.cert_verified",
            "What it does not cover", "What may stop the request next", "What does not work here", "Rightly stopped", "The origin answers 502 on GET api.shop.example/v1/prices", "What this diagnosis could not know",
        ];
        Assert.All(expected, text => Assert.Contains(text, page, StringComparison.Ordinal));
        Assert.DoesNotContain("http://", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_NothingFound_SaysSoWithTheLimits()
    {
        string page = PictureTests.Html(SampleDiagnosis.Nothing());

        Assert.Contains("<h1>Nothing found that needs someone to act</h1>", page, StringComparison.Ordinal);
        Assert.Contains("carries no JA4", page, StringComparison.Ordinal);
    }

    private static string Aimed(string text, string address) =>
        text.Replace("{0}", address, StringComparison.Ordinal).Replace("{{", "{", StringComparison.Ordinal).Replace("}}", "}", StringComparison.Ordinal);
}
