using CfLogStream.ClickHouse.Native;
using CfLogStream.Core.Correlation;

namespace CfLogStream.ClickHouse.Rows;

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
