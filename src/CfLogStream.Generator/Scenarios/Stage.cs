using System.Globalization;
using CfLogStream.Generator.Randomness;
using CfLogStream.Generator.Simulation;
using CfLogStream.Generator.Simulation.Actors;
using CfLogStream.Generator.World;

namespace CfLogStream.Generator.Scenarios;

/// <summary>What a scenario is made of: the world, the seed's choices, the onset, and how far things vary.</summary>
internal sealed record Stage(WorldModel World, Rng Rng, long Onset, Variety Variety)
{
    public string NewId() => BackgroundRules.Identifier(Rng.Next());

    /// <summary>A moment shortly before the onset: Cloudflare applies a change within seconds.</summary>
    public long Before() => Onset - 1500 - Rng.Below(6000);

    public long At(double fraction) => World.StartMs + (long)(World.DurationMs * fraction);

    /// <summary>The endpoints that an actor calls.</summary>
    public static EndpointGroup EndpointsOf(Actor actor) => actor switch
    {
        ServiceActor service => service.Endpoints,
        WebhookActor provider => provider.Endpoints,
        AppActor app => app.Endpoints,
        BatchActor batch => batch.Endpoints,
        TabActor tabs => tabs.Xhr,
        ScraperActor scraper => scraper.Endpoints,
        VisitorActor visitors => visitors.Xhr,
        _ => throw new InvalidOperationException($"The actor '{actor.Name}' has no endpoints of its own."),
    };

    /// <summary>The endpoint of an actor with this template and method.</summary>
    public static Endpoint EndpointOf(Actor actor, string method, string template) =>
        EndpointsOf(actor).Endpoints.First(endpoint => endpoint.Method == method && endpoint.Template == template);

    /// <summary>Returns how often an actor chooses an endpoint.</summary>
    public static double Weight(Actor actor, Endpoint endpoint) => EndpointsOf(actor).ShareOf(endpoint);

    /// <summary>Returns the address of a caller as it stands in the logs.</summary>
    public byte[] AddressOf(Actor actor, int caller)
    {
        var request = new Request();
        new CallerFactory(World.Seed).Fill(request, actor, caller);
        return request.Ip.Span.ToArray();
    }

    public static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
