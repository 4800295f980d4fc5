using System.Runtime.CompilerServices;

namespace CfLogStream.Core.Traffic.Clients;

/// <summary>A client as records carry it, and what it was decided on.</summary>
internal struct ClientEntry
{
    /// <summary>What it was decided on; never equal to that of a record for an empty slot.</summary>
    public ClientFacts Facts;

    /// <summary>Hash of class, name and trust.</summary>
    public ulong ClientHash;

    /// <summary>What class and name give to the key of a caller (<see cref="Clients.CallerKey.OfProduct"/>).</summary>
    public ulong CallerKey;

    /// <summary>Where the texts end: class, then name.</summary>
    public int ClassEnd;
    public int NameEnd;
    public ClientClass Class;
    public Trust Trust;

    /// <summary>Class and name, one behind the other.</summary>
    public ClientTexts Texts;

    [InlineArray(MaxBytes)]
    internal struct ClientTexts
    {
        /// <summary>The most bytes of texts that are remembered.</summary>
        public const int MaxBytes = 64;

        private byte _first;
    }
}
