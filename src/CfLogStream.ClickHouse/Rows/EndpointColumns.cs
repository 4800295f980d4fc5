using CfLogStream.ClickHouse.Native;
using CfLogStream.Core.Correlation;

namespace CfLogStream.ClickHouse.Rows;

/// <summary>The dimensions that an endpoint and a client are in the one-minute tables.</summary>
internal readonly struct EndpointColumns
{
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
        Zone.Add(endpoint.Zone.Span);
        Host.Add(endpoint.Host.Span);
        Method.Add(endpoint.Method.Span);
        Path.Add(endpoint.Path.Span);
        Surface.Add(TableWords.Of(endpoint.Surface));
        Client.Add(client);
    }
}
