using System.Text;
using CfLogStream.Core.Traffic;
using CfLogStream.Core.Traffic.Paths;

namespace CfLogStream.Core.Tests.Traffic.Paths;

public sealed class SurfaceClassifierTests
{
    [Theory]
    [InlineData("example.com", "api.example.com", "GET", "/users", Surface.Api)]
    [InlineData("example.com", "eu.api.example.com:8443", "GET", "/users", Surface.Api)]
    [InlineData("", "API.example.com", "GET", "/users", Surface.Api)]
    [InlineData("example.co.uk", "hooks.example.co.uk", "POST", "/x", Surface.Api)]
    [InlineData("rest.com", "rest.com", "GET", "/menu", Surface.Unknown)]
    [InlineData("rest.com", "www.rest.com", "GET", "/menu", Surface.Unknown)]
    [InlineData("", "rest.com", "GET", "/menu", Surface.Unknown)]
    [InlineData("example.com", "apiary.example.com", "GET", "/", Surface.Unknown)]
    [InlineData("example.com", "www.example.com", "GET", "/api", Surface.Api)]
    [InlineData("example.com", "www.example.com", "GET", "/API/users", Surface.Api)]
    [InlineData("example.com", "www.example.com", "GET", "/shop/eu/graphql", Surface.Api)]
    [InlineData("example.com", "www.example.com", "GET", "/shop/eu/de/graphql", Surface.Unknown)]
    [InlineData("example.com", "www.example.com", "GET", "/v1/users", Surface.Api)]
    [InlineData("example.com", "www.example.com", "GET", "/x/v2beta1/users", Surface.Api)]
    [InlineData("example.com", "www.example.com", "GET", "/vacancies", Surface.Unknown)]
    [InlineData("example.com", "www.example.com", "POST", "/xmlrpc.php", Surface.Api)]
    [InlineData("example.com", "www.example.com", "GET", "/.well-known/openid-configuration", Surface.Api)]
    [InlineData("example.com", "www.example.com", "GET", "/.well-known/oauth-authorization-server", Surface.Api)]
    [InlineData("example.com", "www.example.com", "GET", "/.well-known/apple-app-site-association", Surface.Unknown)]
    [InlineData("example.com", "www.example.com", "POST", "/com.example.billing.InvoiceService/ListOpen", Surface.Api)]
    [InlineData("example.com", "www.example.com", "GET", "/com.example.billing.InvoiceService/ListOpen", Surface.Unknown)]
    [InlineData("example.com", "www.example.com", "POST", "/www.Example/Contact/us", Surface.Unknown)]
    [InlineData("example.com", "www.example.com", "PUT", "/store/item.json", Surface.Api)]
    [InlineData("example.com", "www.example.com", "GET", "/store/item.json", Surface.Unknown)]
    [InlineData("example.com", "www.example.com", "GET", "/static/app.{id}.js", Surface.Asset)]
    [InlineData("example.com", "api.example.com", "GET", "/docs/logo.SVG", Surface.Asset)]
    [InlineData("example.com", "www.example.com", "GET", "/robots.txt", Surface.Asset)]
    [InlineData("example.com", "www.example.com", "GET", "/manual.txt", Surface.Unknown)]
    [InlineData("example.com", "api.example.com", "GET", "/cdn-cgi/trace", Surface.Page)]
    [InlineData("example.com", "www.example.com", "GET", "/cdn-cgi/challenge-platform/scripts/jsd/main.js", Surface.Page)]
    [InlineData("example.com", "www.example.com", "GET", "/cdn-cgi/image/width=80/photo.jpg", Surface.Asset)]
    [InlineData("example.com", "www.example.com", "GET", "/cdn-cgi-bin/x", Surface.Unknown)]
    [InlineData("example.com", "www.example.com", "GET", "/", Surface.Unknown)]
    [InlineData("", "", "", "/", Surface.Unknown)]
    public void Classify_StrongSigns_TellTheSurface(string zone, string host, string method, string template, Surface expected) =>
        Assert.Equal(expected, Classify(Compile(), zone, host, method, template));

    [Fact]
    public void Classify_OverridesMatch_FirstWinsBeforeEverything()
    {
        SurfaceClassifier surfaces = Compile(
            new SurfaceOverride("www.example.com", "/api/docs/", Surface.Page),
            new SurfaceOverride("*.example.com", "/ajax", Surface.Api),
            new SurfaceOverride("", "/teams/{team}/feed", Surface.Mixed),
            new SurfaceOverride("legacy.test", "", Surface.Api),
            new SurfaceOverride("", "/ajax", Surface.Page));
        Assert.Equal(Surface.Page, Classify(surfaces, "example.com", "WWW.example.com:443", "GET", "/api/docs"));
        Assert.Equal(Surface.Page, Classify(surfaces, "example.com", "www.example.com", "GET", "/api/docs/intro", isApiTemplate: true));
        Assert.Equal(Surface.Api, Classify(surfaces, "example.com", "www.example.com", "GET", "/api/docsearch"));
        Assert.Equal(Surface.Api, Classify(surfaces, "example.com", "www.example.com", "GET", "/ajax/cart.js"));
        Assert.Equal(Surface.Page, Classify(surfaces, "example.com", "example.com", "GET", "/ajax"));
        Assert.Equal(Surface.Unknown, Classify(surfaces, "example.com", "www.example.com", "GET", "/ajaxed"));
        Assert.Equal(Surface.Mixed, Classify(surfaces, "x.test", "x.test", "GET", "/teams/{id}/feed/new"));
        Assert.Equal(Surface.Unknown, Classify(surfaces, "x.test", "x.test", "GET", "/teams/feed"));
        Assert.Equal(Surface.Api, Classify(surfaces, "legacy.test", "legacy.test", "GET", "/"));
    }

    [Fact]
    public void Classify_TemplateOfApiDescription_IsApi() =>
        Assert.Equal(Surface.Api, Classify(Compile(), "x.test", "x.test", "GET", "/logo.png", isApiTemplate: true));

    [Fact]
    public void Compile_BadOverrides_GathersEveryProblem()
    {
        var errors = new List<string>();
        SurfaceClassifier.Compile(
            new ClassificationSettings { Surfaces = [new("a b.test", "", Surface.Api), new("", "api", Surface.Api), new("", "/api", Surface.Api)] },
            errors);
        Assert.Equal(
            [
                "surfaces[0] for host 'a b.test' cannot be used: a host holds letters, digits, hyphens and dots, and may start with '*.'.",
                "surfaces[1] for host '' cannot be used: the path prefix 'api' does not start with '/'.",
            ],
            errors);
    }

    [Fact]
    public void EndpointClassifier_KnownAndUnknownPaths_GiveTemplateSurfaceAndFlag()
    {
        var errors = new List<string>();
        EndpointClassifier endpoints = EndpointClassifier.Compile(
            new ClassificationSettings { PathTemplates = ["/shop/{slug}"], ApiTemplates = ["www.example.com/items/{item}"] }, errors);
        Assert.Empty(errors);
        Assert.Equal(("/items/{item}", Surface.Api, true), Classify(endpoints, "/items/9"));
        Assert.Equal(("/shop/{slug}", Surface.Unknown, true), Classify(endpoints, "/shop/red-shoes"));
        Assert.Equal(("/basket/{id}", Surface.Unknown, false), Classify(endpoints, "/basket/9"));
    }

    private static (string Template, Surface Surface, bool Known) Classify(EndpointClassifier endpoints, string path)
    {
        byte[] buffer = new byte[EndpointClassifier.MaxTemplateBytes];
        int length = endpoints.Classify(
            "example.com"u8, "www.example.com"u8, "GET"u8, Encoding.UTF8.GetBytes(path), buffer, out Surface surface, out bool known);
        return (Encoding.UTF8.GetString(buffer, 0, length), surface, known);
    }

    private static SurfaceClassifier Compile(params SurfaceOverride[] overrides)
    {
        var errors = new List<string>();
        SurfaceClassifier surfaces = SurfaceClassifier.Compile(new ClassificationSettings { Surfaces = overrides }, errors);
        Assert.Empty(errors);
        return surfaces;
    }

    private static Surface Classify(SurfaceClassifier surfaces, string zone, string host, string method, string template, bool isApiTemplate = false) =>
        surfaces.Classify(
            Encoding.UTF8.GetBytes(zone), Encoding.UTF8.GetBytes(host), Encoding.UTF8.GetBytes(method), Encoding.UTF8.GetBytes(template), isApiTemplate);
}
