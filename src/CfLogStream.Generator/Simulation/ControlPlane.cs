using CfLogStream.Generator.Randomness;
using CfLogStream.Generator.Scenarios;
using CfLogStream.Generator.Simulation.Actors;
using CfLogStream.Generator.World;

namespace CfLogStream.Generator.Simulation;

/// <summary>Cloudflare's controls in their order: the everyday ones of every scenario, and the incident's among them.</summary>
/// <remarks>
/// Order (facts of the Ruleset Engine): DDoS, then access and integrity checks outside the engine, custom rules, rate limits, managed
/// rules, bot
/// products. The first terminating action ends it, so a request has any number of non-terminating matches and then at most one
/// terminating one.
/// </remarks>
internal sealed class ControlPlane
{
    private readonly WorldModel _world;
    private readonly Incident? _incident;
    private readonly BackgroundRules _rules;
    private readonly Rng _rng;
    private readonly RateCounter _scraping = new(18, 10_000, 60_000);
    private readonly RateCounter _logins = new(6, 60_000, 300_000);
    private readonly Clearances _clearances;
    private readonly IncidentControl _control;

    public ControlPlane(WorldModel world, Incident? incident, Rng rng)
    {
        _world = world;
        _incident = incident;
        _rules = world.Rules;
        _rng = rng;

        // Where a whole host is challenged, nobody may lose a clearance to someone else.
        _clearances = new Clearances(incident is { PeopleSolve: > 0 } ? 1 << 18 : 8192);
        _control = new IncidentControl(incident, _clearances);
    }

    /// <summary>Fills the request's matches and its outcome.</summary>
    public void Evaluate(Request request)
    {
        request.MatchCount = 0;
        if (!request.IsSubrequest && ReferenceEquals(request.Source, EdgeSources.Eyeball))
        {
            Apply(request);
        }

        request.Outcome = OutcomeOf(request);
    }

    /// <summary>Remembers that the client solved a challenge.</summary>
    public void GrantClearance(Request request) => _clearances.Grant(request);

    private static TrueOutcome OutcomeOf(Request request)
    {
        if (request.MatchCount == 0)
        {
            return TrueOutcome.Passed;
        }

        ref RuleMatch last = ref request.Matches[request.MatchCount - 1];
        return last.Action.Effect switch
        {
            ActionEffect.Skip => TrueOutcome.Exempted,
            ActionEffect.Log => TrueOutcome.Logged,
            ActionEffect.Solved => TrueOutcome.ChallengeSolved,
            ActionEffect.Challenge => TrueOutcome.Challenged,
            ActionEffect.Drop => TrueOutcome.Dropped,
            _ => last.Rule.Control == Control.RateLimit ? TrueOutcome.RateLimited : TrueOutcome.Blocked,
        };
    }

    private void Apply(Request request)
    {
        if (_control.Stops(ControlPhase.Ddos, request))
        {
            return;
        }

        if (request.Actor is FloodActor)
        {
            // The first requests of an attack pass until the fingerprint is known.
            if (_rng.Chance(0.985))
            {
                Rule rule = _rules.Ddos[(int)(request.CallerHash % 3)];
                request.Match(rule, rule.Action);
            }

            return;
        }

        if (Access(request) || Custom(request, out bool skipped))
        {
            return;
        }

        if (!skipped && (_control.Stops(ControlPhase.Access, request) || RateLimits(request) || _control.Stops(ControlPhase.ApiShield, request)
            || Managed(request) || Bots(request)))
        {
            return;
        }

        if (request.MatchCount == 0)
        {
            Watch(request);
        }
    }

    private bool Access(Request request)
    {
        if (_control.Stops(ControlPhase.Address, request))
        {
            return true;
        }

        if (request.Actor is ScannerActor && request.CallerHash % 9 == 0)
        {
            request.Match(_rules.BlockedAddress, ControlAction.Block);
            return true;
        }

        return request.Client.Class == "browser_nav" && request.CallerHash % 61 == 0 && ChallengeByReputation(request);
    }

    // Visitors from addresses with a poor reputation: a challenge first, then clearance for a while.
    private bool ChallengeByReputation(Request request)
    {
        if (_clearances.Has(request))
        {
            if (request.Endpoint.Kind == EndpointKind.Page)
            {
                request.Match(_rules.SecurityLevel, ControlAction.Bypassed);
            }

            return false;
        }

        if (request.Endpoint.Kind != EndpointKind.Page || request.Endpoint.Method != "GET")
        {
            return false;
        }

        request.Match(_rules.SecurityLevel, ControlAction.ManagedChallenge);
        return true;
    }

    private bool Custom(Request request, out bool skipped)
    {
        skipped = false;
        if (_incident is { SkipRule: { } skipRule } withSkip && skipRule.Control == Control.Custom && withSkip.Skips(request))
        {
            request.Match(skipRule, ControlAction.Skip);
            skipped = withSkip.SkipsEverything;
            if (skipped || withSkip.Phase is ControlPhase.Custom)
            {
                // "Skip the remaining custom rules" covers the incident's rule and the everyday ones.
                return false;
            }
        }
        else if (_control.Stops(ControlPhase.Custom, request))
        {
            return true;
        }

        if (request.VerifiedBot.Length != 0)
        {
            request.Match(_rules.SkipVerifiedBots, ControlAction.Skip);
            skipped = true;
            return false;
        }

        if (request.SensitivePath)
        {
            request.Match(_rules.SensitivePaths, ControlAction.Block);
            return true;
        }

        if (request.Actor is StuffingActor && request.Id % 5 < 3)
        {
            request.Match(_rules.LeakedCredentials, ControlAction.ManagedChallenge);
            return true;
        }

        return false;
    }

    private bool RateLimits(Request request)
    {
        if (_control.Stops(ControlPhase.RateLimit, request))
        {
            return true;
        }

        if (request.Actor is ScraperActor && _scraping.Exceeds(request.CallerHash, request.StartMs))
        {
            request.Match(_rules.ScrapingLimit, ControlAction.Block);
            return true;
        }

        if (request.Actor is StuffingActor && _logins.Exceeds(request.CallerHash, request.StartMs))
        {
            request.Match(_rules.LoginLimit, ControlAction.Block);
            return true;
        }

        return false;
    }

    private bool Managed(Request request)
    {
        if (_incident is { Phase: ControlPhase.Managed } incident && incident.Matches(request))
        {
            if (incident.Skips(request))
            {
                // An exception of the managed rules: only this rule is skipped.
                request.Match(incident.SkipRule!, ControlAction.Skip);
            }
            else if (incident.Acts(request))
            {
                request.Match(incident.Rule, incident.Rule.Action);
                return true;
            }

            if (incident.LogsBefore && request.StartMs < incident.OnsetMs)
            {
                request.Match(incident.Rule, ControlAction.Log);
            }
        }

        if (request.Payload is Payload.None or Payload.Probe)
        {
            return false;
        }

        Rule[] rules = _rules.ByPayload(request.Payload);
        Rule rule = rules[(int)(request.Id % (ulong)rules.Length)];
        if (request.Id % 11 == 0)
        {
            // Found only by the sum of the scores.
            request.Match(rule, ControlAction.Log);
            request.Match(_rules.AnomalyScore, ControlAction.Block);
            return true;
        }

        if (request.Id % 19 == 1)
        {
            request.Match(rule, ControlAction.Log);
            return false;
        }

        request.Match(rule, ControlAction.Block);
        return true;
    }

    private bool Bots(Request request)
    {
        if (_control.Stops(ControlPhase.Bots, request))
        {
            return true;
        }

        if (request.Actor is ScraperActor && request.CallerHash % 4 == 0 && !_world.LacksBotManagement(request.Endpoint.Host))
        {
            request.Match(_rules.DefinitelyAutomated, ControlAction.ManagedChallenge);
            return true;
        }

        return false;
    }

    // A rule in log mode that matches a little of everything.
    private void Watch(Request request)
    {
        if (request.Endpoint.Kind == EndpointKind.Api && request.Method.Length == 4 && request.Id % 29 == 7)
        {
            bool unknown = _world.UnknownValues && (request.Id & 1) == 0;
            request.Match(unknown ? _rules.WatchOnlyNew : _rules.WatchOnly, ControlAction.Log);
        }
    }
}
