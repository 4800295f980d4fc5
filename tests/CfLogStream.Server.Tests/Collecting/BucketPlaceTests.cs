using System.Net;
using System.Text;
using CfLogStream.Server.Collecting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace CfLogStream.Server.Tests.Collecting;

/// <summary>What a service may answer that a well-behaved one does not: the real client before a server that says what it is told.</summary>
public sealed class BucketPlaceTests : IAsyncLifetime
{
    private readonly List<string> _asked = [];
    private WebApplication _web = null!;
    private Func<HttpRequest, (int Status, string Text)> _answer = _ => (200, "");

    public async ValueTask InitializeAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _web = builder.Build();
        _web.Run(async context =>
        {
            lock (_asked)
            {
                _asked.Add(context.Request.Path + context.Request.QueryString);
            }

            (int status, string text) = _answer(context.Request);
            context.Response.StatusCode = status;
            await context.Response.WriteAsync(text);
        });
        await _web.StartAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync() => await _web.DisposeAsync();

    [Fact]
    public async Task List_KeysThatXmlCannotHave_AreThoseOfTheBucket()
    {
        _answer = request => request.Query.ContainsKey("continuation-token")
            ? (200, Page("""<Contents><Key>logs/c.gz</Key><LastModified>2026-11-20T10:15:31.000Z</LastModified><ETag>"3"</ETag><Size>7</Size></Contents>""", null))
            : (200, Page("""<EncodingType>url</EncodingType><Contents><Key>logs/..%2F..%2Fetc/%01%0A+x%2B%25</Key><LastModified>2026-11-20T10:15:30.000Z</LastModified><ETag>&quot;1&quot;</ETag><Size>5</Size></Contents>""", "a/b=="));
        using BucketPlace place = Place();

        List<ObjectEntry> entries = await ListAsync(place);

        long at = ObjectEntry.NanosecondsOf(new DateTime(2026, 11, 20, 10, 15, 30, DateTimeKind.Utc));
        Assert.Equal([new ObjectEntry("logs/../../etc/\u0001\n x+%", "1", 5, at), new ObjectEntry("logs/c.gz", "3", 7, at + 1_000_000_000)], entries);
        Assert.All(_asked, asked => Assert.Contains("encoding-type=url", asked, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(503, "<Error><Code>SlowDown</Code><Message>Reduce your rate</Message></Error>", PlaceFailure.Transient)]
    [InlineData(500, "", PlaceFailure.Transient)]
    [InlineData(200, "<ListBucketResult><Contents>", PlaceFailure.Transient)]
    [InlineData(403, "<Error><Code>AccessDenied</Code><Message>No</Message></Error>", PlaceFailure.Refused)]
    [InlineData(404, "<Error><Code>NoSuchBucket</Code><Message>No</Message></Error>", PlaceFailure.Refused)]
    public async Task List_AnAnswerThatIsNone_IsSaidOfItsKind(int status, string text, object failure)
    {
        _answer = _ => (status, text);
        using BucketPlace place = Place();

        PlaceException problem = await Assert.ThrowsAsync<PlaceException>(() => ListAsync(place));

        Assert.Equal(failure, problem.Failure);
    }

    [Theory]
    [InlineData(200, "12345", null)]
    [InlineData(200, "1234", PlaceFailure.Transient)]
    [InlineData(200, "123456", PlaceFailure.Transient)]
    [InlineData(412, "<Error><Code>PreconditionFailed</Code></Error>", PlaceFailure.Gone)]
    [InlineData(404, "<Error><Code>NoSuchKey</Code></Error>", PlaceFailure.Gone)]
    [InlineData(403, "<Error><Code>InvalidObjectState</Code></Error>", PlaceFailure.Refused)]
    public async Task Copy_OnlyTheObjectAsItWasListed(int status, string text, object? failure)
    {
        string? match = null;
        _answer = request =>
        {
            match = request.Headers.IfMatch;
            return (status, text);
        };
        using BucketPlace place = Place();
        using var content = new MemoryStream();

        Exception? problem = await Record.ExceptionAsync(
            () => place.CopyAsync(new ObjectEntry("logs/a.gz", "e1", 5, 0), content, TestContext.Current.CancellationToken));

        Assert.Equal(failure, (problem as PlaceException)?.Failure);
        Assert.Equal("\"e1\"", match);
    }

    [Fact]
    public async Task List_NobodyAnswers_IsTransient()
    {
        using BucketPlace place = Place();
        await _web.StopAsync(TestContext.Current.CancellationToken);

        PlaceException problem = await Assert.ThrowsAsync<PlaceException>(() => ListAsync(place));

        Assert.Equal(PlaceFailure.Transient, problem.Failure);
    }

    private static string Page(string contents, string? next) => $"""
        <?xml version="1.0" encoding="UTF-8"?>
        <ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>b</Name><IsTruncated>{(next is null ? "false" : "true")}</IsTruncated>
        {(next is null ? "" : $"<NextContinuationToken>{next}</NextContinuationToken>")}{contents}</ListBucketResult>
        """;

    private static async Task<List<ObjectEntry>> ListAsync(BucketPlace place)
    {
        var entries = new List<ObjectEntry>();
        await foreach (ObjectEntry entry in place.ListAsync(default, default, TestContext.Current.CancellationToken))
        {
            entries.Add(entry);
        }

        return entries;
    }

    private BucketPlace Place() => new(new BucketOptions
    {
        Endpoint = new Uri(_web.Urls.First()),
        Region = "",
        Bucket = "bucket",
        Prefix = new DatePrefix("logs/", "yyyyMMdd"),
        AccessKey = "id",
        SecretKey = "secret",
    });
}
