namespace CfLogStream.Core.Traffic.Clients;

/// <summary>What a network is for.</summary>
internal enum NetworkKind : byte
{
    /// <summary>Not in the table: says nothing.</summary>
    Unlisted = 0,

    /// <summary>Servers rented to anyone.</summary>
    Hosting,

    /// <summary>Lines of homes, offices and phones.</summary>
    Access,
}
