using System.IO.Hashing;
using CfLogStream.Server.Sources;

namespace CfLogStream.Server.Tests.Sources;

public sealed class GzipChecksumTests
{
    [Fact]
    public void Value_OfNothing_IsZero() => Assert.Equal(0u, new GzipChecksum().Value);

    [Fact]
    public void Value_OfTheCheckText_IsThatOfTheStandard()
    {
        var checksum = new GzipChecksum();
        checksum.Append("123456789"u8);
        Assert.Equal(0xCBF43926, checksum.Value);
    }

    [Fact]
    public void Value_OfAnyLength_IsThatOfTheLibrary()
    {
        byte[] bytes = new byte[2048];
        new Random(7).NextBytes(bytes);
        var checksum = new GzipChecksum();
        for (int length = 0; length <= 600; length++)
        {
            checksum.Reset();
            checksum.Append(bytes.AsSpan(length % 17, length));
            Assert.True(Crc32.HashToUInt32(bytes.AsSpan(length % 17, length)) == checksum.Value, $"{length} bytes");
        }

        checksum.Reset();
        checksum.Append(bytes);
        Assert.Equal(Crc32.HashToUInt32(bytes), checksum.Value);
    }

    [Fact]
    public void Value_OfPiecesOfAnyLength_IsThatOfTheWhole()
    {
        const int Seed = 11;
        var random = new Random(Seed);
        byte[] bytes = new byte[300_000];
        random.NextBytes(bytes);
        for (int round = 0; round < 20; round++)
        {
            var checksum = new GzipChecksum();
            for (int at = 0; at < bytes.Length;)
            {
                int length = Math.Min(random.Next(round % 2 == 0 ? 200 : 70_000), bytes.Length - at);
                checksum.Append(bytes.AsSpan(at, length));
                at += length;
            }

            Assert.True(Crc32.HashToUInt32(bytes) == checksum.Value, $"seed {Seed}, round {round}");
        }
    }

    [Fact]
    public void Value_WhenOneBitIsTurned_IsAnother()
    {
        byte[] bytes = new byte[256];
        uint whole = ValueOf(bytes);
        for (int bit = 0; bit < 8 * bytes.Length; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.NotEqual(whole, ValueOf(bytes));
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    private static uint ValueOf(byte[] bytes)
    {
        var checksum = new GzipChecksum();
        checksum.Append(bytes);
        return checksum.Value;
    }
}
