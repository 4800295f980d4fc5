using CfLogStream.Core.Logpush;
using CfLogStream.Server.Analysis;
using CsCheck;

namespace CfLogStream.Server.Tests.Analysis;

public sealed class SecondSorterTests
{
    /// <summary>Spread over the second, whole milliseconds, all at one time, all but one in a corner.</summary>
    private static readonly Gen<uint>[] s_times =
    [
        Gen.UInt[0, 999_999_999],
        Gen.UInt[0, 999].Select(ms => ms * 1_000_000),
        Gen.Const(5U),
        Gen.OneOf(Gen.UInt[0, 50], Gen.UInt[0, 50], Gen.UInt[0, 50], Gen.Const(999_999_999U)),
    ];

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Sort_AnyItems_IsLikeOrderBy(int distribution) =>
        Gen.Select(s_times[distribution], Gen.ULong[0, 300], Gen.Bool).Array[0, 2_000].Sample(
            records =>
            {
                var sorter = new SecondSorter();
                for (int round = 0; round < 2; round++)
                {
                    Span<SortItem> room = sorter.Room(records.Length);
                    for (int i = 0; i < records.Length; i++)
                    {
                        (uint ns, ulong ray, bool isEvent) = records[i];
                        room[i] = new SortItem(new RecordKey(ns, ray, isEvent ? Dataset.FirewallEvents : Dataset.HttpRequests, 0), 7);
                    }

                    Assert.Equal(
                        records.OrderBy(record => record.Item1).ThenBy(record => record.Item2).ThenBy(record => record.Item3),
                        sorter.Sort(records.Length).ToArray().Select(item =>
                            (item.Key.NsOfSecond, item.Key.Ray, (item.Key.NsAndDataset & 3) == (int)Dataset.FirewallEvents)));
                }
            },
            iter: 30);
}
