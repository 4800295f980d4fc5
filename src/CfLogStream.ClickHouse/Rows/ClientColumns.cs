using CfLogStream.ClickHouse.Native;
using CfLogStream.Core.Correlation;

namespace CfLogStream.ClickHouse.Rows;

/// <summary>The dimensions that a client is.</summary>
internal sealed class ClientColumns
{
    private readonly Known[] _known = new Known[KnownKeys.Slots];

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
        ref Known known = ref _known[KnownKeys.SlotOf(client)];
        if (ReferenceEquals(known.Client, client) && known.Filling == Name.Filling)
        {
            Class.AddKey(known.Class);
            Name.AddKey(known.Name);
            Trust.AddKey(known.Trust);
            return;
        }

        known.Client = client;
        known.Filling = Name.Filling;
        known.Class = Class.Add(client.Class.Span);
        known.Name = Name.Add(client.Name.Span);
        known.Trust = Trust.Add(TableWords.Of(client.Trust));
    }

    private struct Known
    {
        public ClientKey? Client;
        public int Filling;
        public int Class;
        public int Name;
        public int Trust;
    }
}
