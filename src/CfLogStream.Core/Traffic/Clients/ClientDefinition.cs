namespace CfLogStream.Core.Traffic.Clients;

/// <summary>One user-agent token and what it names.</summary>
internal sealed class ClientDefinition
{
    public ClientDefinition(string token, ClientClass clientClass, string name, ClientHints hints, uint asn, string source, bool fromUser)
    {
        Anchor = token.Length > 1 && token[0] is '^' or '=' ? token[0] : '\0';
        Token = System.Text.Encoding.UTF8.GetBytes(Anchor == '\0' ? token : token[1..]);
        Class = clientClass;
        Name = System.Text.Encoding.UTF8.GetBytes(name);
        NameHash = StableHash.Of(Name);
        Hints = hints;
        Asn = asn;
        Source = source;
        FromUser = fromUser;
    }

    /// <summary>The token without its anchor.</summary>
    public byte[] Token { get; }

    /// <summary><c>^</c>, <c>=</c> or NUL.</summary>
    public char Anchor { get; }

    public ClientClass Class { get; }

    /// <summary>The client name as rows show it.</summary>
    public byte[] Name { get; }

    public ulong NameHash { get; }

    public ClientHints Hints { get; }

    /// <summary>The autonomous system that the real one calls from; 0 when not known.</summary>
    public uint Asn { get; }

    /// <summary>Where the token is known from.</summary>
    public string Source { get; }

    /// <summary>Whether the token is of the settings: before built-in ones of the same level.</summary>
    public bool FromUser { get; }

    public bool Has(ClientHints hint) => (Hints & hint) != 0;
}
