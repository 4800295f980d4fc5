using CfLogStream.Server.Configuration;
using CsCheck;

namespace CfLogStream.Server.Tests.Configuration;

public sealed class NearestWordTests
{
    private static readonly string[] s_keys =
    [
        .. OptionShape.Of(typeof(CfLogStreamOptions)).Walk().Select(option => option.Key.Name).Distinct().Order(StringComparer.Ordinal),
    ];

    [Theory]
    [InlineData("max_dept", "max_depth")]
    [InlineData("mx_depth", "max_depth")]
    [InlineData("max_detph", "max_depth")]
    [InlineData("MaxDepth", "max_depth")]
    [InlineData("max-depth", "max_depth")]
    [InlineData("treads", "threads")]
    [InlineData("disorder", "disorder_secs")]
    [InlineData("qqqqqqqq", null)]
    [InlineData("", null)]
    [InlineData("___", null)]
    public void Find_Slips_AreRecognised(string word, string? expected)
    {
        Assert.Equal(expected, NearestWord.Find(word, s_keys));
    }

    [Fact]
    public void Find_LongNonsense_IsNotCompared()
    {
        Assert.Null(NearestWord.Find(new string('m', 100_000), s_keys));
    }

    [Fact]
    public void Find_OneEditAwayFromAKey_SuggestsAKeyAsNear()
    {
        Gen<(string Key, string Word)> slips =
            from key in Gen.OneOf(s_keys)
            from at in Gen.Int[0, key.Length - 2]
            from kind in Gen.Int[0, 3]
            from letter in Gen.Char['a', 'z']
            select (key, kind switch
            {
                0 => key.Insert(at, letter.ToString()),
                1 => key.Remove(at, 1),
                2 => $"{key[..at]}{letter}{key[(at + 1)..]}",
                _ => $"{key[..at]}{key[at + 1]}{key[at]}{key[(at + 2)..]}",
            });
        slips.Sample(slip =>
        {
            string? found = NearestWord.Find(slip.Word, s_keys);
            Assert.NotNull(found);
            string word = NearestWord.Fold(slip.Word);
            Assert.True(Oracle(word, NearestWord.Fold(found)) <= Oracle(word, NearestWord.Fold(slip.Key)), $"{slip.Word} -> {found}");
        });
    }

    [Fact]
    public void Edits_AgreeWithTheDefinition()
    {
        Gen<string> word = Gen.Char['a', 'd'].Array[0, 7].Select(chars => new string(chars));
        Gen.Select(word, word).Sample((left, right) => Assert.Equal(Oracle(left, right), NearestWord.Edits(left, right)));
    }

    /// <summary>The recursive definition of the optimal string alignment distance.</summary>
    private static int Oracle(string left, string right)
    {
        var known = new Dictionary<(int, int), int>();
        return Edits(left.Length, right.Length);

        int Edits(int i, int j)
        {
            if (i == 0 || j == 0)
            {
                return i + j;
            }

            if (known.TryGetValue((i, j), out int edits))
            {
                return edits;
            }

            edits = Math.Min(
                Math.Min(Edits(i - 1, j) + 1, Edits(i, j - 1) + 1),
                Edits(i - 1, j - 1) + (left[i - 1] == right[j - 1] ? 0 : 1));
            if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1])
            {
                edits = Math.Min(edits, Edits(i - 2, j - 2) + 1);
            }

            known[(i, j)] = edits;
            return edits;
        }
    }
}
