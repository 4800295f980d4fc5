using CfLogStream.ClickHouse.Native;
using CfLogStream.Core.Correlation;

namespace CfLogStream.ClickHouse.Rows;

/// <summary>The dimensions that an endpoint and a client are in the one-minute tables.</summary>
/// <remarks>Rows share their endpoints as objects, so an endpoint seen again adds the numbers of its keys and no text is compared.</remarks>
internal sealed class EndpointColumns
{
    private readonly Known[] _known = new Known[KnownKeys.Slots];

    public EndpointColumns(Func<string, DictionaryColumn> declare)
    {
        Zone = declare("zone");
        Host = declare("host");
        Method = declare("method");
        Path = declare("path");
        Surface = declare("surface");
        Client = new ClientColumns(declare);
    }

    private DictionaryColumn Zone { get; }

    private DictionaryColumn Host { get; }

    private DictionaryColumn Method { get; }

    private DictionaryColumn Path { get; }

    private DictionaryColumn Surface { get; }

    private ClientColumns Client { get; }

    public void Add(EndpointKey endpoint, ClientKey client)
    {
        ref Known known = ref _known[KnownKeys.SlotOf(endpoint)];
        if (ReferenceEquals(known.Endpoint, endpoint) && known.Filling == Path.Filling)
        {
            Zone.AddKey(known.Zone);
            Host.AddKey(known.Host);
            Method.AddKey(known.Method);
            Path.AddKey(known.Path);
            Surface.AddKey(known.Surface);
        }
        else
        {
            known.Endpoint = endpoint;
            known.Filling = Path.Filling;
            known.Zone = Zone.Add(endpoint.Zone.Span);
            known.Host = Host.Add(endpoint.Host.Span);
            known.Method = Method.Add(endpoint.Method.Span);
            known.Path = Path.Add(endpoint.Path.Span);
            known.Surface = Surface.Add(TableWords.Of(endpoint.Surface));
        }

        Client.Add(client);
    }

    private struct Known
    {
        public EndpointKey? Endpoint;
        public int Filling;
        public int Zone;
        public int Host;
        public int Method;
        public int Path;
        public int Surface;
    }
}
