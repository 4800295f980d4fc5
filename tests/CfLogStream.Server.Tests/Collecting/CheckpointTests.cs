using System.Globalization;
using CfLogStream.Server.Collecting;

namespace CfLogStream.Server.Tests.Collecting;

public sealed class CheckpointTests
{
    private const long Second = 1_000_000_000;

    private static readonly TimeSpan s_lookBack = TimeSpan.FromSeconds(100);

    /// <summary>Objects appear in any order within the look-back, some are replaced, some cannot be read for a while, the process is killed
    /// with rows unwritten: the checkpoint against a list of what was read.</summary>
    [Theory]
    [MemberData(nameof(Seeds))]
    public void IsRead_ObjectsInAnyOrderWithinTheLookBack_AreReadExactlyOnce(int seed)
    {
        var random = new Random(seed);
        var bucket = new Dictionary<string, ObjectEntry>(StringComparer.Ordinal);
        var stored = new List<ObjectEntry>();
        var reads = new Dictionary<ObjectEntry, int>();
        var lostRows = new HashSet<ObjectEntry>();
        var rows = new Dictionary<string, ObjectEntry>(StringComparer.Ordinal);
        long rowFloor = 1_000 * Second;
        var checkpoint = new Checkpoint(s_lookBack, rowFloor, rowFloor);
        long newest = rowFloor;
        int most = 0;
        for (int step = 0; step < 400; step++)
        {
            for (int i = random.Next(4); i > 0; i--)
            {
                // Up to the look-back before the newest, or somewhat after it; its name says nothing of that.
                long modified = newest + (random.Next(3) == 0 ? random.Next(20) * Second : -random.Next((int)s_lookBack.TotalSeconds) * Second);
                modified = Math.Max(modified, 1_000 * Second);
                string key = random.Next(10) == 0 && stored.Count > 0 ? stored[random.Next(stored.Count)].Key : Name(random);
                var entry = new ObjectEntry(key, random.Next().ToString(CultureInfo.InvariantCulture), 1, modified);
                if (bucket.TryGetValue(key, out ObjectEntry old) && old.ModifiedNs > modified)
                {
                    continue;
                }

                if (bucket.Remove(key, out ObjectEntry replaced) && !reads.ContainsKey(replaced))
                {
                    stored.Remove(replaced);
                }

                bucket[key] = entry;
                stored.Add(entry);
                newest = Math.Max(newest, modified);
            }

            if (random.Next(3) > 0)
            {
                Poll();
            }

            if (random.Next(15) == 0)
            {
                checkpoint = new Checkpoint(s_lookBack, 1_000 * Second, rowFloor);
                foreach (ObjectEntry row in rows.Values.Where(row => row.ModifiedNs >= rowFloor))
                {
                    checkpoint.Add(row);
                }
            }
        }

        Poll(all: true);
        Poll(all: true);
        Assert.All(stored, entry => Assert.True(
            reads.GetValueOrDefault(entry) == 1 || (lostRows.Contains(entry) && reads[entry] > 1),
            $"Seed {seed}: '{entry.Key}' was read {reads.GetValueOrDefault(entry)} times."));
        Assert.Equal(newest - (s_lookBack.Ticks * 100), checkpoint.FloorNs);
        Assert.Equal(bucket.Values.Count(entry => entry.ModifiedNs >= checkpoint.FloorNs), checkpoint.Count);
        Assert.True(most < stored.Count, $"Seed {seed}: {most} kept of {stored.Count}.");

        void Poll(bool all = false)
        {
            ObjectEntry[] unread = [.. bucket.Values.Where(entry => !checkpoint.IsRead(entry)).OrderBy(entry => entry.Key, StringComparer.Ordinal)];
            foreach (ObjectEntry entry in unread)
            {
                if (!all && random.Next(6) == 0)
                {
                    continue;
                }

                reads[entry] = reads.GetValueOrDefault(entry) + 1;
                checkpoint.Add(entry);
                if (all || random.Next(20) > 0)
                {
                    rows[entry.Key] = entry;
                }
                else
                {
                    // The log has it; the process is killed before the row is written.
                    lostRows.Add(entry);
                    checkpoint = new Checkpoint(s_lookBack, 1_000 * Second, rowFloor);
                    foreach (ObjectEntry row in rows.Values.Where(row => row.ModifiedNs >= rowFloor))
                    {
                        checkpoint.Add(row);
                    }

                    return;
                }
            }

            ObjectEntry[] left = [.. bucket.Values.Where(entry => !checkpoint.IsRead(entry))];
            if (checkpoint.Advance(bucket.Values.Select(entry => entry.ModifiedNs).DefaultIfEmpty(0).Max(), left.Length > 0 ? left.Min(entry => entry.ModifiedNs) : null))
            {
                rowFloor = checkpoint.FloorNs;
            }

            most = Math.Max(most, checkpoint.Count);
        }
    }

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 200)];

    [Fact]
    public void Advance_AnObjectThatIsNotRead_HoldsTheFloor()
    {
        var checkpoint = new Checkpoint(s_lookBack, 0, 0);

        Assert.True(checkpoint.Advance(500 * Second, 30 * Second));
        Assert.Equal(30 * Second, checkpoint.FloorNs);
        Assert.False(checkpoint.IsRead(new ObjectEntry("a", "", 1, 30 * Second)));
        Assert.True(checkpoint.Advance(400 * Second, null));
        Assert.Equal(400 * Second, checkpoint.FloorNs);
        Assert.False(checkpoint.Advance(100 * Second, null));
    }

    [Fact]
    public void Keep_ForgetsWhatIsGone()
    {
        var checkpoint = new Checkpoint(TimeSpan.Zero, 0, 0);
        checkpoint.Add(new ObjectEntry("a", "1", 1, 5));
        checkpoint.Add(new ObjectEntry("b", "1", 1, 5));

        Assert.Equal(["a"], checkpoint.Keep(new HashSet<string> { "b" }));
        Assert.False(checkpoint.IsRead(new ObjectEntry("a", "1", 1, 5)));
        Assert.True(checkpoint.IsRead(new ObjectEntry("b", "1", 1, 5)));
        Assert.False(checkpoint.IsRead(new ObjectEntry("b", "2", 1, 5)));
    }

    private static string Name(Random random) => $"20261120/{random.Next():x8}.log.gz";
}
