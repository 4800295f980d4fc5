using CfLogStream.Generator.Randomness;
using CfLogStream.Generator.Simulation;
using CfLogStream.Generator.Simulation.Actors;
using CfLogStream.Generator.World;

namespace CfLogStream.Generator.Scenarios;

/// <summary>Varies what surrounds an incident: its size, where its rule acts, attackers, load, troubles of origins, habits of blocked
/// callers, and which fields there are.</summary>
internal sealed class WideWorld(WorldModel world, Variety variety, long onset)
{
    // Those with a timetable call whatever else is going on: there must be room for the others.
    private const double MostScheduled = 0.75;

    private static readonly double[] s_attackFactors = [0.2, 0.5, 1, 2, 4, 8];
    private static readonly string[] s_misjudgesNobody =
        ["skip_too_broad", "attack_rightly_blocked", "none_rightly_blocked", "load_taken_for_flood"];

    private readonly Rng _rng = new(variety.Seed, 0x71DF);

    /// <summary>Varies everything around the incident and returns it as it is then.</summary>
    public Incident? Settle(Incident? incident)
    {
        if (!variety.Wide)
        {
            return incident;
        }

        Load(incident?.Culprit);
        Attackers(incident?.Culprit);
        if (incident is not null)
        {
            incident = Rollout(incident, out double part);
            Size(incident, part);
            Habit(incident.Culprit);
        }

        Fields(incident);
        Troubles(incident);
        return incident;
    }

    private static bool Misjudges(Incident incident) => !s_misjudgesNobody.Contains(incident.Pattern);

    // A new rule that acts in one data centre only so far, or on a part of the requests.
    private Incident Rollout(Incident incident, out double part)
    {
        part = 1;
        if (!Misjudges(incident) || incident.Phase is ControlPhase.Address or ControlPhase.Ddos or ControlPhase.Access
            || !_rng.Chance(0.25))
        {
            variety.Note("rollout", "everywhere");
            return incident;
        }

        Func<Request, bool> everywhere = incident.Matches;
        if (_rng.Chance(0.4) && incident.Culprit is ServiceActor or WebhookActor)
        {
            var request = new Request();
            new CallerFactory(world.Seed).Fill(request, incident.Culprit, 0);
            Colo colo = request.City.Colo;
            part = 1.0 / incident.Culprit.Networks.Sum(network => network.Cities.Length);
            variety.Note("rollout", "colo " + System.Text.Encoding.ASCII.GetString(colo.Code));
            return incident with { Matches = request => request.City.Colo == colo && everywhere(request) };
        }

        int percent = _rng.Range(20, 80);
        part = percent / 100.0;
        variety.Note("rollout", Stage.Text(percent) + " % of requests");
        return incident with
        {
            Matches = request => Mix.Below(Mix.Of(request.Id, 41), 100) < percent && everywhere(request),
            ExpectedLostShare = incident.ExpectedLostShare * part,
        };
    }

    private void Size(Incident incident, double part)
    {
        Actor culprit = incident.Culprit;
        if (culprit is BatchActor)
        {
            return;
        }

        if (culprit.Attack)
        {
            culprit.Share *= _rng.Between(0.6, 2.5);
            variety.Note("culprit_share", culprit.Share);
            return;
        }

        double stopped = (incident.StoppedOfCulprit ?? incident.ExpectedLostShare) * part;
        double share = variety.Share(world, culprit.Share, stopped);
        double scheduled = Others(culprit, scheduled: true).Sum(actor => actor.Share);
        if (!culprit.Scheduled)
        {
            // Whoever is drawn shares what those with a timetable leave.
            culprit.Share = share / Math.Max(0.1, 1 - scheduled - share) * Others(culprit, scheduled: false).Sum(actor => actor.Share);
            return;
        }

        culprit.Share = share;
        double factor = Math.Min(1, (MostScheduled - share) / scheduled);
        foreach (Actor actor in Others(culprit, scheduled: true))
        {
            actor.Share *= factor;
        }
    }

    private double Fraction(long ms) => (ms - world.StartMs) / (double)world.DurationMs;

    private IEnumerable<Actor> Others(Actor culprit, bool scheduled) =>
        world.Actors.Where(actor => actor != culprit && actor.Scheduled == scheduled);

    private void Habit(Actor culprit)
    {
        culprit.Habit = _rng.Below(10) switch { < 4 => RetryHabit.Usual, < 7 => RetryHabit.GivesUp, _ => RetryHabit.Storms };
        variety.Note("retries", culprit.Habit switch
        {
            RetryHabit.GivesUp => "gives up",
            RetryHabit.Storms => "storms",
            _ => "usual",
        });
    }

    private void Load(Actor? culprit)
    {
        double all = _rng.Between(0.5, 1.6);
        variety.Note("background_load", all);
        foreach (Actor actor in world.Actors)
        {
            if (actor != culprit && !actor.Attack && actor is not (BatchActor or FillerActor or MonitorActor))
            {
                actor.Share *= all * _rng.Between(0.5, 1.5);
            }
        }
    }

    private void Attackers(Actor? culprit)
    {
        foreach (Actor actor in world.Actors.Where(actor => actor.Attack && actor != culprit))
        {
            double factor = _rng.Pick(s_attackFactors);
            bool surges = actor.Surge.Factor == 1 && _rng.Chance(0.3);
            if (actor.Surge.Factor == 1)
            {
                actor.Share *= factor;
                variety.Note("attack_share." + actor.Name, actor.Share);
            }

            if (surges)
            {
                long from = onset + (long)(world.DurationMs * _rng.Between(-0.08, 0.08));
                long to = from + (long)(world.DurationMs * _rng.Between(0.05, 0.25));
                double most = Math.Max(1.5, 0.6 / Math.Max(actor.Share, 0.0001));
                actor.Surge = (from, to, Math.Min(most, actor is FloodActor ? _rng.Between(100, 600) : _rng.Between(3, 8)));
                variety.Note("attack_surge." + actor.Name, string.Create(System.Globalization.CultureInfo.InvariantCulture,
                    $"{actor.Surge.Factor:0.##} times from {Fraction(from):0.###} to {Fraction(to):0.###}"));
            }
        }
    }

    private void Fields(Incident? incident)
    {
        string zone = incident?.Endpoint.Host.ZoneName ?? "shop.example";
        bool scores = incident is { NeedsScores: true } || !_rng.Chance(0.25);
        if (!scores)
        {
            world.ZonesWithoutScores.Add(zone);
        }

        world.LacksFingerprints = _rng.Chance(0.2);
        variety.Note("bot_scores", world.ZonesWithoutScores.Contains(zone) ? "missing" : "present");
        variety.Note("tls_fingerprints", world.LacksFingerprints ? "missing" : "present");
    }

    private void Troubles(Incident? incident)
    {
        if (!_rng.Chance(0.35))
        {
            variety.Note("origin_trouble", "elsewhere");
            return;
        }

        string host = incident?.Endpoint.Host.Name ?? "api.shop.example";
        long from = onset + (long)(world.DurationMs * _rng.Between(-0.05, 0.1));
        long to = from + (long)(world.DurationMs * _rng.Between(0.02, 0.12));
        double share = _rng.Between(0.05, 0.5);
        world.Troubles.Add(host, from, to, _rng.Chance(0.5) ? [502, 503] : [500, 504], share);
        variety.Note("origin_trouble", host);
        variety.Note("origin_trouble_share", share);
        variety.Note("origin_trouble_from", Fraction(from));
        variety.Note("origin_trouble_to", Fraction(to));
    }
}
