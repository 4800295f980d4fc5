using CfLogStream.Core.Correlation;
using CsCheck;

namespace CfLogStream.Core.Tests.Correlation;

/// <summary>The tables and slabs under the correlator, each against the plainest thing that does the same.</summary>
public sealed class StorageTests
{
    [Fact]
    public void IndexTable_AnyAddsAndRemoves_FindsWhatIsThere() =>
        Gen.Select(Gen.Int[0, 40], Gen.Bool).Array[0, 300].Sample(steps =>
        {
            var table = new IndexTable();
            var present = new HashSet<int>();
            foreach ((int item, bool add) in steps)
            {
                if (add && present.Add(item))
                {
                    table.Add(Hash(item), item);
                }
                else if (!add && present.Remove(item))
                {
                    table.Remove(Hash(item), item);
                }

                Assert.Equal(present.Count, table.Count);
                Assert.All(Enumerable.Range(0, 41), i => Assert.Equal(present.Contains(i), Contains(table, i)));
            }

            table.Clear();
            Assert.All(Enumerable.Range(0, 41), i => Assert.False(Contains(table, i)));
        },
        iter: 300);

    /// <summary>Groups overflow into one another and are full when items leave them; what comes and goes must not make the table grow.</summary>
    [Fact]
    public void IndexTable_ComingAndGoing_StaysAsLargeAsWhatIsThere()
    {
        var table = new IndexTable();
        for (int i = 0; i < 20_000; i++)
        {
            table.Add(Hash(i), i);
            if (i >= 200)
            {
                table.Remove(Hash(i - 200), i - 200);
            }

            if (i % 1_000 == 999)
            {
                Assert.Equal(200, table.Count);
                Assert.All(Enumerable.Range(i - 250, 300), item => Assert.Equal(item > i - 200 && item <= i, Contains(table, item)));
            }
        }

        Assert.True(table.BytesHeld <= 512 * 9, $"{table.BytesHeld}");
    }

    [Fact]
    public void IndexTable_RemoveOfWhatIsNotThere_Throws() =>
        Assert.Throws<InvalidOperationException>(() => new IndexTable().Remove(1, 1));

    [Fact]
    public void Slab_AnyRentsAndReturns_BlocksNeverOverlap() =>
        Gen.Select(Gen.Int[0, 3], Gen.Int[1, 3_000]).Array[1, 150].Sample(steps =>
        {
            var slab = new Slab<byte>(granule: 64, chunkBits: 5, elementBytes: 1);
            var live = new List<(int Handle, int Length, byte Mark)>();
            byte mark = 0;
            foreach ((int action, int length) in steps)
            {
                if (action == 0 && live.Count > 0)
                {
                    (int handle, int size, _) = live[length % live.Count];
                    live.RemoveAt(length % live.Count);
                    slab.Return(handle, size);
                }
                else
                {
                    int handle = slab.Rent(length);
                    Assert.NotEqual(0, handle);
                    slab.Span(handle, length).Fill(++mark);
                    live.Add((handle, length, mark));
                }

                Assert.All(live, block => Assert.Equal(-1, slab.Span(block.Handle, block.Length).IndexOfAnyExcept(block.Mark)));
            }

            live.ForEach(block => slab.Return(block.Handle, block.Length));
            Assert.Equal(0, slab.BytesRented);
        },
        iter: 200);

    [Fact]
    public void CallerSets_AnyMembers_AreThoseOfAHashSet() =>
        Gen.Select(Gen.Int[0, 60], Gen.ULong[0, 60].Array[0, 200]).Sample(
            (cap, values) =>
            {
                var sets = new CallerSets();
                var set = default(CallerSet);
                var other = default(CallerSet);
                var expected = new HashSet<ulong>();
                foreach (ulong value in values)
                {
                    bool isNew = !expected.Contains(value) && expected.Count < cap;
                    Assert.Equal(isNew, sets.Add(ref set, value, cap));
                    sets.Add(ref other, value + 1000, 1000);
                    if (isNew)
                    {
                        expected.Add(value);
                    }
                }

                Assert.Equal(expected.Order(), sets.Sorted(set).ToArray());
                sets.Release(ref set);
                Assert.Empty(sets.Sorted(set).ToArray());
                Assert.Equal(values.Select(value => value + 1000).Distinct().Order(), sets.Sorted(other).ToArray());
            },
            iter: 500);

    [Fact]
    public void CallerSets_PastAnyChunk_HoldTheirMembers()
    {
        var sets = new CallerSets();
        var set = default(CallerSet);
        for (ulong i = 0; i < 300_000; i++)
        {
            Assert.True(sets.Add(ref set, i, int.MaxValue));
        }

        Assert.Equal(300_000, set.Count);
        Assert.Equal(Enumerable.Range(0, 300_000).Select(i => (ulong)i), sets.Sorted(set).ToArray());
        sets.Release(ref set);
    }

    [Fact]
    public void JoinTimers_AnyDeadlines_ComeInOrderAndNotBeforeTime() =>
        Gen.Select(Gen.Long[0, 400], Gen.Long[0, 60]).Array[1, 120].Sample(steps =>
        {
            var timers = new JoinTimers(new CorrelationOptions { AllowedLateness = TimeSpan.Zero, JoinHorizon = TimeSpan.FromSeconds(5) });
            var expected = new List<(long Due, long Begin)>();
            long now = -LogLine.Second;
            for (int i = 0; i < steps.Length; i++)
            {
                long due = Math.Max(0, now) + (steps[i].Item1 * LogLine.Second / 3);
                timers.Add(due, i, i);
                expected.Add((due, i));
                now += steps[i].Item2 * LogLine.Second / 7;
                timers.Advance(now);
                var taken = new List<(long, long)>();
                while (timers.TryTake(now, out long at, out long begin, out int detail))
                {
                    Assert.Equal(begin, detail);
                    taken.Add((at, begin));
                }

                Assert.Equal(expected.Where(timer => timer.Due <= now).Order(), taken);
                expected.RemoveAll(timer => timer.Due <= now);
            }
        },
        iter: 500);

    [Fact]
    public void ReplayLedger_WithoutRays_ReadsFromTheBorderBefore()
    {
        var ledger = new ReplayLedger();
        Assert.Equal((5, long.MinValue, 5), ledger.Find(5));
        for (long offset = 100; offset < 1_000_000; offset += 1000)
        {
            ledger.Reach(offset, offset * 10, offset * 10);
            ledger.Trim(offset);
        }

        (long readFrom, long newest, long exact) = ledger.Find(900_000);
        Assert.Equal(900_000 / 4096 * 4096, exact);
        Assert.Equal(exact, readFrom);
        Assert.InRange(newest, (exact - 1000) * 10, (exact + 1000) * 10);
    }

    [Fact]
    public void ReplayLedger_WithRays_GoesBackTwoGenerations()
    {
        var ledger = new ReplayLedger();
        ledger.Reach(0, 0, 0);
        uint first = ledger.Enter(5);
        ledger.Extend(first, 20);
        ledger.Reach(4096, 1, 1);
        ledger.Enter(30);
        ledger.Enter(25);
        ledger.Reach(8192, 2, 19);
        ledger.Reach(12_288, 3, 20);
        Assert.Equal((0, 0, 12_288), ledger.Find(13_000));
        ledger.Reach(16_384, 4, 30);
        Assert.Equal((16_384, 4, 16_384), ledger.Find(17_000));
    }

    private static ulong Hash(int item) => (ulong)(item % 5);

    private static bool Contains(IndexTable table, int item)
    {
        for (IndexTable.Probe probe = table.Find(Hash(item)); probe.Next();)
        {
            if (probe.Item == item)
            {
                return true;
            }
        }

        return false;
    }
}
