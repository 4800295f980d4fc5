using CfLogStream.Core.Insight.Findings;
using CfLogStream.Core.Insight.Statistics;
using CfLogStream.Core.Rules;

namespace CfLogStream.Core.Insight.Remedies;

/// <summary>Chooses what an exemption is bound to by trying it on requests that the rule stopped.</summary>
/// <remarks>
/// Of each binding of the client those endpoints are taken where it frees the client and next to nobody else. The first binding that frees
/// nearly as much as the best one is chosen: bindings come in the order of how well they identify a client. A request of which the logs do not
/// say whether it is freed counts as freed.
/// </remarks>
internal static class ScopeTrial
{
    /// <summary>The most of what an exemption frees that may be stopped rightly.</summary>
    public const double MostAttacks = 0.02;

    // Below the bound, because the sample is one.
    private const double Aim = 0.01;
    private const double NearlyAsMuch = 0.9;

    /// <summary>Tries every binding; null when none frees anything within the bound.</summary>
    /// <param name="endpoints">Those that can be bound, the most important first.</param>
    /// <param name="condition">The condition of one endpoint.</param>
    public static (ClientBinding Client, IReadOnlyList<EndpointIdentity> Endpoints, RemedyTrial Trial)? Choose(
        IReadOnlyList<ClientBinding> bindings, IReadOnlyList<EndpointIdentity> endpoints, Func<EndpointIdentity, string> condition, int most,
        IReadOnlyList<TriedRequest> tried)
    {
        int[] places = PlacesOf(endpoints, condition, tried);
        Attempt[] attempts = [.. bindings.Select(binding => Try(binding, endpoints.Count, most, places, tried))];
        double best = attempts.Max(attempt => attempt.Good);
        if (best <= 0)
        {
            return null;
        }

        Attempt chosen = attempts.First(attempt => attempt.Good >= NearlyAsMuch * best);
        double good = tried.Sum(request => request.Weight * (1 - request.Attack));
        double weight = tried.Sum(request => request.Weight) / tried.Count;
        double freed = (chosen.Good + chosen.Attacks) / weight;
        double attacks = chosen.Attacks / weight;
        return (
            chosen.Binding,
            [.. chosen.Endpoints.Select(place => endpoints[place])],
            new RemedyTrial(tried.Count, chosen.Good / good, attacks / freed, BetaDistribution.Quantile(attacks + 0.5, freed - attacks + 0.5, 0.975)));
    }

    private static Attempt Try(ClientBinding binding, int endpoints, int most, int[] places, IReadOnlyList<TriedRequest> tried)
    {
        double[] good = new double[endpoints];
        double[] attacks = new double[endpoints];
        RuleEvaluator? evaluator = EvaluatorOf(binding.Condition);
        for (int i = 0; i < tried.Count; i++)
        {
            if (places[i] >= 0 && evaluator?.Evaluate(tried[i].Fields) != false)
            {
                good[places[i]] += tried[i].Weight * (1 - tried[i].Attack);
                attacks[places[i]] += tried[i].Weight * tried[i].Attack;
            }
        }

        double Share(int place) => attacks[place] / (attacks[place] + good[place]);
        var taken = new List<int>();
        double takenGood = 0, takenAttacks = 0;
        foreach (int place in Enumerable.Range(0, endpoints).Where(place => good[place] > 0).OrderByDescending(place => good[place]).Take(most)
            .OrderBy(Share).ThenBy(place => place))
        {
            if (takenAttacks + attacks[place] <= Aim * (takenGood + takenAttacks + good[place] + attacks[place]))
            {
                taken.Add(place);
                takenGood += good[place];
                takenAttacks += attacks[place];
            }
        }

        taken.Sort();
        return new Attempt(binding, taken, takenGood, takenAttacks);
    }

    // Which endpoint each request is of; -1 for none.
    private static int[] PlacesOf(IReadOnlyList<EndpointIdentity> endpoints, Func<EndpointIdentity, string> condition, IReadOnlyList<TriedRequest> tried)
    {
        int[] places = new int[tried.Count];
        Array.Fill(places, -1);
        for (int place = 0; place < endpoints.Count; place++)
        {
            EndpointIdentity endpoint = endpoints[place];
            RuleEvaluator? evaluator = EvaluatorOf(condition(endpoint));
            for (int i = 0; i < places.Length; i++)
            {
                if (places[i] < 0 && tried[i].Fields.Method == endpoint.Method && evaluator?.Evaluate(tried[i].Fields) != false)
                {
                    places[i] = place;
                }
            }
        }

        return places;
    }

    private static RuleEvaluator? EvaluatorOf(string condition) =>
        condition.Length == 0 ? null
        : RuleExpression.TryParse(condition, out RuleNode? root, out RuleSyntaxError? error) ? new RuleEvaluator(root)
        : throw new InvalidOperationException($"A condition of a remedy cannot be read: {error}");

    private sealed record Attempt(ClientBinding Binding, List<int> Endpoints, double Good, double Attacks);
}
