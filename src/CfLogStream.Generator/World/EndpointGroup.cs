namespace CfLogStream.Generator.World;

/// <summary>Endpoints that an actor chooses among, by weight.</summary>
internal sealed class EndpointGroup
{
    private readonly Endpoint[] _endpoints;
    private readonly int[] _ends;

    public EndpointGroup(IReadOnlyList<(Endpoint Endpoint, int Weight)> members)
    {
        _endpoints = [.. members.Select(member => member.Endpoint)];
        _ends = new int[_endpoints.Length];
        int sum = 0;
        for (int i = 0; i < _ends.Length; i++)
        {
            sum += members[i].Weight;
            _ends[i] = sum;
        }
    }

    public IReadOnlyList<Endpoint> Endpoints => _endpoints;

    /// <summary>Returns how often an endpoint is chosen.</summary>
    public double ShareOf(Endpoint endpoint)
    {
        int index = Array.IndexOf(_endpoints, endpoint);
        return index < 0 ? 0 : (double)(_ends[index] - (index == 0 ? 0 : _ends[index - 1])) / _ends[^1];
    }

    public Endpoint Pick(Randomness.Rng rng)
    {
        int at = rng.Below(_ends[^1]);
        int index = 0;
        while (_ends[index] <= at)
        {
            index++;
        }

        return _endpoints[index];
    }
}
