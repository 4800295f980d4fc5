using CfLogStream.Generator.Scenarios;
using CfLogStream.Generator.Simulation.Actors;
using CfLogStream.Generator.World;

namespace CfLogStream.Generator.Simulation;

/// <summary>The incident's rule at work, in whichever phase it stands.</summary>
/// <remarks>Browser Integrity Check is outside the Ruleset Engine, but a custom rule can skip it: so it is asked after the custom
/// rules.</remarks>
internal sealed class IncidentControl(Incident? planned, Clearances clearances)
{
    /// <summary>Does what the incident's rule does in this phase; true when that ends the request.</summary>
    public bool Stops(ControlPhase phase, Request request)
    {
        if (planned is not { } incident || incident.Phase != phase || request.Actor is FillerActor
            || (incident.SparesVerifiedBots && request.VerifiedBot.Length != 0))
        {
            return false;
        }

        if (!incident.Acts(request))
        {
            if (incident.LogsBefore && request.StartMs < incident.OnsetMs && incident.Matches(request))
            {
                request.Match(incident.Rule, ControlAction.Log);
            }

            return false;
        }

        if (incident.Counter is { } counter
            && !counter.Exceeds(incident.CountedWith?.Invoke(request) ?? request.CallerHash, request.StartMs))
        {
            return false;
        }

        if (incident.PeopleSolve > 0 && request.Client.Browser && !request.Actor.Attack)
        {
            if (clearances.Has(request))
            {
                if (request.Endpoint.Kind == EndpointKind.Page)
                {
                    request.Match(incident.Rule, incident.Rule.Action.WhenBypassed);
                }

                return false;
            }

            request.Solvable = request.Client.Class == "browser_nav" && request.Endpoint.Kind == EndpointKind.Page;
            request.SolveChance = incident.PeopleSolve;
        }

        request.Match(incident.Rule, incident.Rule.Action);
        return true;
    }
}
