using System.Globalization;

namespace CfLogStream.Core.Insight.Requests;

/// <summary>Who answered a request, and whether the origin was asked.</summary>
/// <param name="OriginAsked">Null when the log does not say.</param>
/// <param name="Text">The same as a sentence without a full stop.</param>
public sealed record AnswerVerdict(AnsweredBy By, bool? OriginAsked, string Text)
{
    private static readonly string[] s_fromCache = ["hit", "stale", "updating", "revalidated"];

    /// <summary>Judges a request by what is stored of it.</summary>
    /// <param name="originStatus">0 when the origin gave none; null when the job does not log it.</param>
    /// <param name="edgeStatus">0 when not logged.</param>
    public static AnswerVerdict Of(string outcome, int edgeStatus, int? originStatus, string cacheStatus, string workerScript)
    {
        bool stopped = MatchOrder.IsStopped(outcome);
        string status = edgeStatus > 0 ? edgeStatus.ToString(CultureInfo.InvariantCulture) : "no logged status";
        return (stopped, originStatus) switch
        {
            (true, > 0) => new(AnsweredBy.Edge, true, $"answered by the edge ({status}); the origin had been asked and gave {originStatus}"),
            (true, 0) => new(AnsweredBy.Edge, false, $"answered by the edge ({status}); the origin was not asked"),
            (true, _) => new(
                AnsweredBy.Edge, null, $"answered by the edge ({status}); whether the origin was asked before is not logged"),
            (false, > 0) when edgeStatus == originStatus => new(AnsweredBy.Origin, true, $"answered by the origin ({status})"),
            (false, > 0) when edgeStatus == 304 || originStatus == 304 => new(
                AnsweredBy.Origin, true, $"answered by the origin ({originStatus}); the client got {status} by revalidation"),
            (false, > 0) => new(AnsweredBy.Edge, true, $"answered by the edge ({status}) after the origin gave {originStatus}"),
            (false, 0) when Array.Exists(s_fromCache, word => word.Equals(cacheStatus, StringComparison.OrdinalIgnoreCase)) => new(
                AnsweredBy.Edge, false, $"answered by the edge from its cache ({status}); the origin was not asked"),
            (false, 0) when workerScript.Length > 0 => new(
                AnsweredBy.Edge, null, $"answered by the edge: by the Worker '{workerScript}' ({status}); whether it asked the origin is in its subrequests"),
            (false, 0) when edgeStatus is >= 520 and <= 530 or 502 or 504 => new(
                AnsweredBy.Edge, true, $"answered by the edge ({status}): the origin was asked and gave no usable answer"),
            (false, 0) => new(AnsweredBy.Edge, false, $"answered by the edge ({status}); the origin was not asked, or gave no answer"),
            _ => new(AnsweredBy.Unknown, null, $"who answered is not known: the log has no origin status (the client got {status})"),
        };
    }
}
