using CfLogStream.Core.Insight.Requests;

namespace CfLogStream.Core.Tests.Insight.Requests;

public sealed class AnswerVerdictTests
{
    [Theory]
    [InlineData("blocked", 403, 0, "", "", AnsweredBy.Edge, false, "answered by the edge (403); the origin was not asked")]
    [InlineData("challenged", 403, null, "", "", AnsweredBy.Edge, null, "answered by the edge (403); whether the origin was asked before is not logged")]
    [InlineData("blocked", 403, 200, "", "", AnsweredBy.Edge, true, "answered by the edge (403); the origin had been asked and gave 200")]
    [InlineData("passed", 200, 200, "miss", "", AnsweredBy.Origin, true, "answered by the origin (200)")]
    [InlineData("logged", 500, 500, "", "", AnsweredBy.Origin, true, "answered by the origin (500)")]
    [InlineData("passed", 304, 200, "", "", AnsweredBy.Origin, true, "answered by the origin (200); the client got 304 by revalidation")]
    [InlineData("passed", 499, 200, "", "", AnsweredBy.Edge, true, "answered by the edge (499) after the origin gave 200")]
    [InlineData("passed", 200, 0, "hit", "", AnsweredBy.Edge, false, "answered by the edge from its cache (200); the origin was not asked")]
    [InlineData("passed", 200, 0, "", "w", AnsweredBy.Edge, null, "answered by the edge: by the Worker 'w' (200); whether it asked the origin is in its subrequests")]
    [InlineData("passed", 522, 0, "", "", AnsweredBy.Edge, true, "answered by the edge (522): the origin was asked and gave no usable answer")]
    [InlineData("passed", 200, 0, "", "", AnsweredBy.Edge, false, "answered by the edge (200); the origin was not asked, or gave no answer")]
    [InlineData("passed", 200, null, "", "", AnsweredBy.Unknown, null, "who answered is not known: the log has no origin status (the client got 200)")]
    [InlineData("passed", 0, null, "", "", AnsweredBy.Unknown, null, "who answered is not known: the log has no origin status (the client got no logged status)")]
    public void Of_Request_SaysWhoAnswered(
        string outcome, int edge, int? origin, string cache, string worker, AnsweredBy by, bool? asked, string text) =>
        Assert.Equal(new AnswerVerdict(by, asked, text), AnswerVerdict.Of(outcome, edge, origin, cache, worker));
}
