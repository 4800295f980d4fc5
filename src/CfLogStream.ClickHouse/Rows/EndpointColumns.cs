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

/// <summary>The dimensions that a client is.</summary>
internal readonly struct ClientColumns
{
    public ClientColumns(Func<string, DictionaryColumn> declare)
    {
        Class = declare("client_class");
        Name = declare("client_name");
        Trust = declare("trust");
    }

    private DictionaryColumn Class { get; }

    private DictionaryColumn Name { get; }

    private DictionaryColumn Trust { get; }

    public void Add(ClientKey client)
    {
        Class.Add(client.Class.Span);
        Name.Add(client.Name.Span);
        Trust.Add(TableWords.Of(client.Trust));
    }
}
