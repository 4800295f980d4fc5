using CfLogStream.Generator.Randomness;
using CfLogStream.Generator.Simulation.Actors;
using CfLogStream.Generator.World;

namespace CfLogStream.Generator.Simulation;

/// <summary>Decides how a request was answered: by a control, by the cache, by the edge or by the origin, with sizes and times.</summary>
internal sealed class Responder(WorldModel world, Rng rng)
{
    private static readonly byte[] s_html = "text/html; charset=UTF-8"u8.ToArray();
    private static readonly byte[] s_dynamic = "dynamic"u8.ToArray();
    private static readonly byte[] s_hit = "hit"u8.ToArray();
    private static readonly byte[] s_miss = "miss"u8.ToArray();
    private static readonly byte[] s_unknown = "unknown"u8.ToArray();
    private static readonly byte[] s_revalidated = "revalidated"u8.ToArray();
    private static readonly byte[] s_notComputed = "Not Computed"u8.ToArray();

    public void Answer(Request request)
    {
        request.OriginIp = [];
        request.OriginMs = 0;
        request.OriginStatus = 0;
        request.Subrequests = 0;
        request.ContentType = request.Endpoint.ContentType;
        request.CacheStatus = s_dynamic;
        request.RequestBytes = 900 + rng.Below(1400) + request.Path.Length + request.Query.Length
            + (request.Endpoint.Method is "POST" or "PUT" or "PATCH" ? rng.Skewed(2600) : 0);
        Score(request);
        if (request.Terminating is { } rule)
        {
            AnswerStopped(request, rule);
            return;
        }

        if (request.IsSubrequest || !ReferenceEquals(request.Source, EdgeSources.Eyeball))
        {
            AnswerInternal(request);
            return;
        }

        if (!request.Secure)
        {
            request.EdgeStatus = 301;
            request.ContentType = s_html;
            request.CacheStatus = s_unknown;
            AnswerAtEdge(request, 160);
            return;
        }

        if (request.Preflight)
        {
            request.ContentType = [];
            AskOrigin(request, 204, 12, 0);
            return;
        }

        if (request.Endpoint.Cached && rng.Chance(0.88))
        {
            AnswerFromCache(request);
            return;
        }

        if (world.Troubles.At(request, rng) is int trouble and not 0)
        {
            AnswerTrouble(request, trouble);
            return;
        }

        request.CacheStatus = request.Endpoint.Cached ? s_miss : s_dynamic;
        AskOrigin(request, StatusOf(request), request.Endpoint.OriginMs, request.Endpoint.BodyBytes);
        if (request.EdgeStatus is 404 or 401 or 403 && request.Endpoint.Kind != EndpointKind.Api)
        {
            request.ContentType = s_html;
        }

        if (request.Endpoint.Host.Worker.Length != 0 && request.Endpoint.Kind == EndpointKind.Api)
        {
            request.Subrequests = 1;
        }
    }

    private static int Created(Request request) => request.Endpoint.ContentType.Length == 0 ? 204
        : request.Endpoint.Method == "POST" && request.Endpoint.Template.EndsWith("orders", StringComparison.Ordinal) ? 201
        : 200;

    private int StatusOf(Request request)
    {
        if (request.Endpoint.NotFound > 0 && rng.Chance(request.Endpoint.NotFound))
        {
            return 404;
        }

        if (request.Actor is StuffingActor)
        {
            return rng.Chance(0.97) ? 401 : 302;
        }

        double chance = rng.Unit();
        if (request.Endpoint.Kind == EndpointKind.Api)
        {
            return chance < 0.006 ? 401 : chance < 0.009 ? 403 : chance < 0.014 ? 422 : chance < 0.0155 ? 500 : Created(request);
        }

        return chance < 0.02 ? 302 : chance < 0.021 ? 500 : chance < 0.06 && request.Endpoint.Cached ? 304 : 200;
    }

    private void AnswerStopped(Request request, Rule rule)
    {
        request.EdgeStatus = rule.Status;
        request.ContentType = s_html;
        int page = rule.Action.Effect switch
        {
            ActionEffect.Challenge => 7200,
            ActionEffect.Drop => 0,
            _ => rule.Control == Control.BrowserIntegrity ? 16 : rule.Control == Control.RateLimit ? 1620 : 4600,
        };
        request.BodyBytes = page == 0 ? 0 : page + rng.Below(64);
        request.FirstByteMs = 2 + rng.Below(14);
        request.DurationMs = request.FirstByteMs + rng.Below(3);
    }

    private void AnswerInternal(Request request)
    {
        if (ReferenceEquals(request.Source, EdgeSources.WorkerFetch))
        {
            AskOrigin(request, 200, 30, 420);
            return;
        }

        // A Worker's look into the cache that finds nothing is logged as 504 without an origin.
        bool phantom = ReferenceEquals(request.Source, EdgeSources.WorkerCache) && rng.Chance(0.7);
        request.EdgeStatus = phantom ? 504 : 200;
        request.CacheStatus = phantom ? s_miss : s_hit;
        AnswerAtEdge(request, phantom ? 0 : 320);
    }

    private void AnswerFromCache(Request request)
    {
        bool unchanged = rng.Chance(0.12);
        request.EdgeStatus = unchanged ? 304 : 200;
        request.CacheStatus = unchanged && rng.Chance(0.2) ? s_revalidated : s_hit;
        AnswerAtEdge(request, unchanged ? 0 : request.Endpoint.BodyBytes);
    }

    private void AnswerTrouble(Request request, int status)
    {
        request.ContentType = s_html;
        if (status is 522 or 523 or 525)
        {
            // The edge could not reach the origin: there is no origin status.
            request.EdgeStatus = status;
            AnswerAtEdge(request, 6800);
            request.FirstByteMs = status == 522 ? 19_000 + rng.Below(900) : 300 + rng.Below(400);
            request.DurationMs = request.FirstByteMs + 2;
            return;
        }

        AskOrigin(request, status, status == 504 ? 9000 : 120, 560);
    }

    private void AnswerAtEdge(Request request, int body)
    {
        request.BodyBytes = body == 0 ? 0 : (body * 9 / 10) + (int)(Mix.Of(request.Id, 5) % (ulong)((body / 5) + 1));
        request.FirstByteMs = 1 + rng.Below(12);
        request.DurationMs = request.FirstByteMs + (int)(request.BodyBytes / 60_000) + rng.Below(3);
    }

    private void AskOrigin(Request request, int status, int ms, int body)
    {
        request.EdgeStatus = status;
        request.OriginStatus = status;
        request.OriginIp = request.Endpoint.Host.Origins[rng.Below(request.Endpoint.Host.Origins.Length)];
        request.OriginMs = Math.Max(1, rng.Skewed(ms + 1));
        request.FirstByteMs = request.OriginMs + 2 + rng.Below(18);
        int size = status is 204 or 304 ? 0 : status >= 300 ? 180 : body;
        request.BodyBytes = size == 0 ? 0 : Math.Max(2, rng.Skewed(size));
        request.DurationMs = request.FirstByteMs + (int)(request.BodyBytes / 40_000) + rng.Below(4);
    }

    private void Score(Request request)
    {
        if (world.LacksBotManagement(request.Endpoint.Host))
        {
            // A zone without Bot Management and without attack scores.
            request.BotScore = 0;
            request.BotScoreSource = s_notComputed;
            request.WafScore = request.WafSqli = request.WafXss = request.WafRce = 0;
            return;
        }

        if (!request.Secure && !request.IsSubrequest)
        {
            request.BotScore = 0;
            request.BotScoreSource = s_notComputed;
        }

        if (request.Payload is Payload.None or Payload.Probe)
        {
            bool unscored = request.IsSubrequest || (request.Query.Length == 0 && request.Endpoint.Method == "GET" && rng.Chance(0.4));
            int score = 81 + rng.Below(19);
            request.WafScore = unscored ? 100 : score;
            request.WafSqli = unscored ? 100 : Math.Min(99, score + rng.Below(8));
            request.WafXss = unscored ? 100 : Math.Min(99, score + rng.Below(8));
            request.WafRce = unscored ? 100 : Math.Min(99, score + rng.Below(8));
            return;
        }

        int low = 1 + rng.Below(18);
        request.WafScore = low;
        request.WafSqli = request.Payload == Payload.SqlInjection ? low : 80 + rng.Below(19);
        request.WafXss = request.Payload == Payload.CrossSiteScripting ? low : 80 + rng.Below(19);
        request.WafRce = request.Payload is Payload.RemoteCode or Payload.FileInclusion ? low : 80 + rng.Below(19);
    }
}
