using CfLogStream.Kafka.Slices;
using CfLogStream.Server.Processing;
using CsCheck;

namespace CfLogStream.Server.Tests.Processing;

/// <summary>The memory of batches and positions, restarted anywhere.</summary>
public sealed class SliceDuplicatesTests
{
    private const long Second = 1_000_000_000;

    [Fact]
    public void Restart_Anywhere_AnswersAsBefore() =>
        Gen.Select(Gen.Select(Gen.Int[0, 5], Gen.Int[0, 3], Gen.Int[0, 9]).Array[1, 60], Gen.Int[0, 60], Gen.Int[0, 60]).Sample(
            (log, cut, back) =>
            {
                int written = Math.Min(cut, log.Length);
                int readFrom = Math.Min(back, written);
                var whole = new SliceDuplicates(TimeSpan.FromSeconds(20), [], []);
                var batches = new List<KnownBatch>();
                bool[] first = [.. Enumerable.Range(0, written).Select(i => Ask(whole, log[i], i))];
                batches.AddRange(whole.TakeNew());
                IReadOnlyList<SourcePosition> positions = whole.PositionsBefore(readFrom);
                bool[] expected = [.. first, .. Enumerable.Range(written, log.Length - written).Select(i => Ask(whole, log[i], i))];

                // What the store gives back: of each slice what was seen last before the restart point.
                IEnumerable<KnownBatch> stored = batches.Where(batch => batch.Message < readFrom)
                    .GroupBy(batch => (batch.Batch, batch.Kind, batch.Part)).Select(group => group.MaxBy(batch => batch.Message));
                var restarted = new SliceDuplicates(TimeSpan.FromSeconds(20), stored, positions);
                bool[] actual = [.. Enumerable.Range(readFrom, log.Length - readFrom).Select(i => Ask(restarted, log[i], i))];

                Assert.Equal(expected[readFrom..], actual);
            },
            iter: 2_000);

    [Fact]
    public void Batch_ComesAgain_IsKnownUntilTheMemoryEnds()
    {
        var duplicates = new SliceDuplicates(TimeSpan.FromSeconds(20), [], []);
        var header = new SliceHeader(SliceKind.HttpRequests, 0, 7, 0, 1);

        Assert.False(duplicates.IsKnown(in header, "s", 1, 100 * Second));
        Assert.True(duplicates.IsKnown(in header, "other", 2, (120 * Second) - 1));
        Assert.False(duplicates.IsKnown(header with { Part = 1 }, "s", 3, 101 * Second));
        Assert.False(duplicates.IsKnown(header with { Kind = SliceKind.FirewallEvents }, "s", 4, 101 * Second));
        Assert.False(duplicates.IsKnown(in header, "s", 5, 120 * Second));
        Assert.True(duplicates.IsKnown(in header, "s", 6, 121 * Second));
    }

    [Fact]
    public void Positions_OfKindsAndSources_AreApart()
    {
        var duplicates = new SliceDuplicates(TimeSpan.FromSeconds(20), [], []);

        Assert.False(duplicates.PositionsOf("a", SliceKind.HttpRequests).IsKnown(5, 1));
        Assert.False(duplicates.PositionsOf("a", SliceKind.FirewallEvents).IsKnown(4, 2));
        Assert.False(duplicates.PositionsOf("b", SliceKind.HttpRequests).IsKnown(1, 3));
        Assert.True(duplicates.PositionsOf("a", SliceKind.HttpRequests).IsKnown(5, 4));
        Assert.False(duplicates.PositionsOf("a", SliceKind.HttpRequests).IsKnown(6, 4));
        Assert.Equal(
            [new("a", SliceKind.HttpRequests, 5), new("a", SliceKind.FirewallEvents, 4), new("b", SliceKind.HttpRequests, 1)],
            duplicates.PositionsBefore(4));
        Assert.Equal(6, duplicates.PositionsBefore(5)[0].Position);
    }

    private static bool Ask(SliceDuplicates duplicates, (int What, int Which, int Position) entry, int message) => entry.What < 3
        ? duplicates.IsKnown(new SliceHeader(SliceKind.HttpRequests, 0, (ulong)entry.Which + 1, 0, 1), "s", message, message * Second)
        : duplicates.PositionsOf($"topic/{entry.Which}", SliceKind.HttpRequests).IsKnown(entry.Position + message, message);
}
