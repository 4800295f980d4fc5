using System.Text;
using CfLogStream.Core.Traffic.Paths;

namespace CfLogStream.Core.Tests.Traffic.Paths;

public sealed class RecognitionTests(ITestOutputHelper output)
{
    private const int Seed = 20250309;
    private const int Count = 20_000;
    private const string Digits = "0123456789";
    private const string Small = "abcdefghijklmnopqrstuvwxyz";
    private const string Capitals = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

    // The least share recognised, in percent.
    public static TheoryData<string, string, int, double> Shapes => new()
    {
        { "hex-8", "0123456789abcdef", 8, 99.9 },
        { "hex-12", "0123456789abcdef", 12, 99.99 },
        { "hex-32", "0123456789abcdef", 32, 100 },
        { "HEX-40", "0123456789ABCDEF", 40, 100 },
        { "base36-16", Digits + Small, 16, 99.0 },
        { "base36-20", Digits + Small, 20, 99.5 },
        { "base36-25", Digits + Small, 25, 99.9 },
        { "base62-16", Digits + Small + Capitals, 16, 98.5 },
        { "base62-22", Digits + Small + Capitals, 22, 99.5 },
        { "base62-27", Digits + Small + Capitals, 27, 99.9 },
        { "base64url-21", Digits + Small + Capitals + "-_", 21, 98.0 },
        { "base64url-22", Digits + Small + Capitals + "-_", 22, 98.0 },
        { "base64url-43", Digits + Small + Capitals + "-_", 43, 98.5 },
        { "base32-26", Capitals + "234567", 26, 99.3 },
        { "base58-22", "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz", 22, 99.5 },
        { "digits-5", Digits, 5, 100 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Write_RandomIds_AreRecognised(string name, string alphabet, int length, double least)
    {
        var random = new Random(Seed);
        Measure(name, least, () => random.GetString(alphabet, length));
    }

    [Fact]
    public void Write_RandomUuids_AreAllRecognised()
    {
        var random = new Random(Seed);
        byte[] bytes = new byte[16];
        Measure("uuid", 100, () =>
        {
            random.NextBytes(bytes);
            return new Guid(bytes).ToString();
        });
    }

    [Fact]
    public void Write_RandomUlids_AreAllRecognised()
    {
        var random = new Random(Seed);
        Measure("ulid", 100, () => "01" + random.GetString("0123456789ABCDEFGHJKMNPQRSTVWXYZ", 24));
    }

    [Theory]
    [InlineData(14, 99.0)]
    [InlineData(24, 99.9)]
    public void Write_RandomPrefixedIds_KeepTheirPrefix(int length, double least)
    {
        var random = new Random(Seed);
        Measure($"prefixed base62-{length}", least, () => "cus_" + random.GetString(Digits + Small + Capitals, length), "/cus_{id}");
    }

    [Fact]
    public void Write_LiteralApiPaths_StayLiteral()
    {
        string[] wrong = [.. LiteralPaths.All.Where(path => Template(path) != path)];
        output.WriteLine($"{LiteralPaths.All.Count} literal paths, changed: {string.Join(' ', wrong)}");
        Assert.True(LiteralPaths.All.Count >= 300);
        Assert.Equal(LiteralPaths.All.Count, LiteralPaths.All.Distinct().Count());
        Assert.True(wrong.Length <= 3, $"Changed: {string.Join(", ", wrong.Select(path => $"{path} to {Template(path)}"))}");
    }

    private void Measure(string name, double least, Func<string> next, string expected = "/{id}")
    {
        int right = 0;
        string missed = "";
        for (int i = 0; i < Count; i++)
        {
            string id = next();
            if (Template("/" + id) == expected)
            {
                right++;
            }
            else
            {
                missed = id;
            }
        }

        double share = 100.0 * right / Count;
        output.WriteLine($"{name}: {share:F2} % (seed {Seed}; last missed '{missed}' gave '{Template("/" + missed)}')");
        Assert.True(share >= least, $"{name}: {share} % of {Count} recognised with seed {Seed}; expected {least} %; missed '{missed}'.");
    }

    private static string Template(string path)
    {
        byte[] destination = new byte[PathTemplater.MaxTemplateBytes];
        return Encoding.UTF8.GetString(destination, 0, PathTemplater.Write(Encoding.UTF8.GetBytes(path), destination));
    }
}
