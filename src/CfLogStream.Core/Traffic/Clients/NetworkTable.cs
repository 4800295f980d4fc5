using System.Globalization;
using System.Runtime.CompilerServices;

namespace CfLogStream.Core.Traffic.Clients;

/// <summary>What is known of autonomous systems: hosting, access lines, or nothing.</summary>
/// <remarks>Built once from <c>networks.tsv</c>: an open-addressed table of numbers, half empty, beside one of kinds.</remarks>
internal static class NetworkTable
{
    private const int Size = 1024;
    private static readonly uint[] s_numbers = new uint[Size];
    private static readonly NetworkKind[] s_kinds = Build();

    /// <summary>Returns the kind of a network; <see cref="NetworkKind.Unlisted"/> also for 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static NetworkKind KindOf(uint asn)
    {
        uint slot = Slot(asn);
        while (s_numbers[slot] != 0)
        {
            if (s_numbers[slot] == asn)
            {
                return s_kinds[slot];
            }

            slot = (slot + 1) & (Size - 1);
        }

        return NetworkKind.Unlisted;
    }

    private static uint Slot(uint asn) => (asn * 2654435769u) >> 22;

    private static NetworkKind[] Build()
    {
        var kinds = new NetworkKind[Size];
        List<string[]> rows = TableFile.Read("networks.tsv", 4);
        if (rows.Count > Size / 2)
        {
            throw new InvalidOperationException($"The built-in network table has {rows.Count} rows, more than half of its {Size} slots.");
        }

        foreach (string[] row in rows)
        {
            uint asn = uint.Parse(row[0], CultureInfo.InvariantCulture);
            uint slot = Slot(asn);
            while (s_numbers[slot] != 0)
            {
                slot = (slot + 1) & (Size - 1);
            }

            s_numbers[slot] = asn;
            kinds[slot] = row[1] switch
            {
                "hosting" => NetworkKind.Hosting,
                "access" => NetworkKind.Access,
                _ => throw new InvalidOperationException($"The built-in network table has an unknown kind '{row[1]}'."),
            };
        }

        return kinds;
    }
}
