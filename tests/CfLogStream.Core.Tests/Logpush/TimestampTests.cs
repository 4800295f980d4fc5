using System.Globalization;
using System.Text;
using CfLogStream.Core.Logpush;
using CsCheck;

namespace CfLogStream.Core.Tests.Logpush;

public sealed class TimestampTests
{
    [Theory]
    [InlineData("1667512927424000000", 1667512927424000000)]
    [InlineData("1506702504433000207", 1506702504433000207)]
    [InlineData("1653485132", 1653485132000000000)]
    [InlineData("1653485132123", 1653485132123000000)]
    [InlineData("1653485132123456", 1653485132123456000)]
    [InlineData("1653485132123456789", 1653485132123456789)]
    [InlineData("1653485132.25", 1653485132250000000)]
    [InlineData("1653485132123.5", 1653485132123500000)]
    [InlineData("1653485132.1234567899", 1653485132123456789)]
    [InlineData("2024-11-07T03:40:38Z", 1730950838000000000)]
    [InlineData("2024-02-17T23:52:01.123Z", 1708213921123000000)]
    [InlineData("2024-02-17T23:52:01.123456789Z", 1708213921123456789)]
    [InlineData("2024-02-17T23:52:01.1234567899999Z", 1708213921123456789)]
    [InlineData("2024-02-17T23:52:01.5+02:00", 1708206721500000000)]
    [InlineData("2024-02-17T23:52:01-0530", 1708233721000000000)]
    [InlineData("2024-02-17T23:52:01+01", 1708210321000000000)]
    [InlineData("2022-05-10 06:36:57", 1652164617000000000)]
    [InlineData("2022-05-10t06:36:57z", 1652164617000000000)]
    [InlineData("2024-02-29T00:00:00Z", 1709164800000000000)]
    [InlineData("946684800", Timestamp.MinNs)]
    [InlineData("2000-01-01T00:00:00Z", Timestamp.MinNs)]
    [InlineData("2099-12-31T23:59:59.999999999Z", Timestamp.MaxNs - 1)]
    public void TryParse_EveryForm_IsExact(string text, long expected)
    {
        Assert.True(Timestamp.TryParse(Encoding.UTF8.GetBytes(text), out long ns));
        Assert.Equal(expected, ns);
    }

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("-1667512927424000000")]
    [InlineData("+1653485132")]
    [InlineData("946684799")]
    [InlineData("4102444800")]
    [InlineData("99999999999")]
    [InlineData("100000000000")]
    [InlineData("9223372036854775807")]
    [InlineData("9223372036854775808")]
    [InlineData("18446744073709551616")]
    [InlineData("16675129274240000000000")]
    [InlineData("1.6e18")]
    [InlineData("1653485132.")]
    [InlineData(".5")]
    [InlineData("1653485132 ")]
    [InlineData("0001-01-01T00:00:00Z")]
    [InlineData("1999-12-31T23:59:59.999999999Z")]
    [InlineData("2100-01-01T00:00:00Z")]
    [InlineData("2023-02-29T00:00:00Z")]
    [InlineData("2024-13-01T00:00:00Z")]
    [InlineData("2024-00-01T00:00:00Z")]
    [InlineData("2024-01-00T00:00:00Z")]
    [InlineData("2024-01-01T24:00:00Z")]
    [InlineData("2024-01-01T23:60:00Z")]
    [InlineData("2016-12-31T23:59:60Z")]
    [InlineData("2024-01-01T00:00:00.Z")]
    [InlineData("2024-01-01T00:00:00+")]
    [InlineData("2024-01-01T00:00:00+24:00")]
    [InlineData("2024-01-01T00:00:00+01:60")]
    [InlineData("2024-01-01T00:00:00+01-00")]
    [InlineData("2024-01-01T00:00:00ZZ")]
    [InlineData("2024-01-01T00:00Z")]
    [InlineData("2024-01-01")]
    [InlineData("2024-1-01T00:00:00Z")]
    [InlineData("2024-01-01_00:00:00Z")]
    [InlineData("not-a-timestamp")]
    [InlineData("unknown")]
    public void TryParse_NoUsableTime_IsRefused(string text)
    {
        Assert.False(Timestamp.TryParse(Encoding.UTF8.GetBytes(text), out long ns));
        Assert.Equal(0, ns);
    }

    [Fact]
    public void TryParse_AnyDate_EqualsDateTimeOffset()
    {
        Gen.Select(Gen.Long[Timestamp.MinNs / 100, (Timestamp.MaxNs / 100) - 1], Gen.Int[-840, 840]).Sample((ticks, offsetMinutes) =>
        {
            DateTimeOffset time = DateTimeOffset.UnixEpoch.AddTicks(ticks).ToOffset(TimeSpan.FromMinutes(offsetMinutes));
            string text = time.ToString("yyyy-MM-ddTHH:mm:ss.fffffffzzz", CultureInfo.InvariantCulture);
            return Timestamp.TryParse(Encoding.UTF8.GetBytes(text), out long ns) && ns == ticks * 100;
        });
    }

    [Fact]
    public void TryParse_AnyNanosecond_IsExactAndUnitsDoNotOverlap()
    {
        Gen.Long[Timestamp.MinNs, Timestamp.MaxNs - 1].Sample(ns =>
        {
            foreach (long unit in (long[])[1, 1_000, 1_000_000, 1_000_000_000])
            {
                string text = (ns / unit).ToString(CultureInfo.InvariantCulture);
                if (!Timestamp.TryParse(Encoding.UTF8.GetBytes(text), out long parsed) || parsed != ns / unit * unit)
                {
                    return false;
                }
            }

            return true;
        });
    }

    [Fact]
    public void TryParse_AnyBytes_NeverThrows()
    {
        Gen<byte[]> near = Gen.OneOf(
            Gen.Byte.Array[0, 40],
            Gen.Select(Gen.Int[0, 34], Gen.Byte, Gen.Int[0, 35]).Select((at, value, length) =>
            {
                byte[] text = "2024-02-17T23:52:01.123456789+01:00"u8.ToArray();
                text[at] = value;
                return text[..length];
            }));
        near.Sample(text =>
        {
            bool parsed = Timestamp.TryParse(text, out long ns);
            return parsed ? ns is >= Timestamp.MinNs and < Timestamp.MaxNs : ns == 0;
        });
    }
}
