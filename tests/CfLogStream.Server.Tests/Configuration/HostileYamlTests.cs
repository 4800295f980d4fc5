using System.Diagnostics;
using System.Text;
using CfLogStream.Server.Configuration;
using CsCheck;

namespace CfLogStream.Server.Tests.Configuration;

public sealed class HostileYamlTests
{
    [Fact]
    public void Read_AliasBomb_IsRefusedWithoutBeingBuilt()
    {
        var yaml = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 20; i++)
        {
            yaml.Append(System.Globalization.CultureInfo.InvariantCulture, $"a{i}: &a{i} [");
            yaml.AppendJoin(", ", Enumerable.Repeat($"*a{i - 1}", 10)).Append("]\n");
        }

        Assert.Equal(
            "cflogstream.yaml:5:45: With the alias '*a3' the file has more than 100000 values.",
            ConfigurationText.Problem(yaml.ToString()));
    }

    [Fact]
    public void Read_AliasThatNestsTooDeep_IsRefused()
    {
        var yaml = new StringBuilder("a0: &a0 [x]\n");
        for (int i = 1; i < 40; i++)
        {
            yaml.Append(System.Globalization.CultureInfo.InvariantCulture, $"a{i}: &a{i} [*a{i - 1}]\n");
        }

        Assert.Equal(
            "cflogstream.yaml:32:12: With the alias '*a30' the file nests deeper than 32 levels.",
            ConfigurationText.Problem(yaml.ToString()));
    }

    [Theory]
    [InlineData("a: &a [*a]", "1:8: The alias '*a' refers to no anchor before it.")]
    [InlineData("reader: *nothing", "1:9: The alias '*nothing' refers to no anchor before it.")]
    [InlineData("reader: !!map {}", "1:9: The value has the tag 'tag:yaml.org,2002:map'; tags are not supported, remove it.")]
    [InlineData("reader: !exec {}", "1:9: The value has the tag '!exec'; tags are not supported, remove it.")]
    [InlineData("reader: {}\n---\nreader: {}\n", "2:1: A second YAML document begins here; expected one. Remove the '---' line.")]
    [InlineData("{[a]: 1}", "1:2: A key is a list or a mapping; expected a name. Quote text that begins with '[' or '{'.")]
    [InlineData(
        "reader:\n  max_depth: 5\n\tmax_line_bytes: 5\n",
        "3:1: The file cannot be read as YAML: a tab stands in the indentation of this line. Indent with blanks.")]
    [InlineData(
        "reader:\n\tmax_depth: 5\n",
        "2:1: The file cannot be read as YAML: a tab stands in the indentation of this line. Indent with blanks.")]
    [InlineData(
        "reader: {max_depth: 5\n",
        "2:1: The file cannot be read as YAML: while parsing a flow mapping, did not find expected ',' or '}'.")]
    [InlineData("... [", "1:1: The file cannot be read as YAML: what follows here is not understood.")]
    [InlineData("reader: \"\\UFFFFFFFF\"", "1:7: The file cannot be read as YAML: what follows here is not understood.")]
    [InlineData("reader: !![ x", "1:7: The file cannot be read as YAML: what follows here is not understood.")]
    [InlineData("reader: !<> x", "1:7: The file cannot be read as YAML: what follows here is not understood.")]
    [InlineData("- {\n@", "1:1: The file cannot be read as YAML: what follows here is not understood.")]
    [InlineData("a: \0", "1:4: The file cannot be read as YAML: byte 0x00 is a control character; expected UTF-8 text.")]
    [InlineData("reader: {}\n# \u001b[2J", "2:3: The file cannot be read as YAML: byte 0x1B is a control character; expected UTF-8 text.")]
    public void Read_WhatIsNoPlainYaml_IsRefusedAtItsPlace(string yaml, string expected)
    {
        Assert.Equal($"cflogstream.yaml:{expected}", ConfigurationText.Problem(yaml));
    }

    [Theory]
    [InlineData("[", 100_000)]
    [InlineData("{a: ", 100_000)]
    [InlineData("- ", 100_000)]
    [InlineData("? ", 100_000)]
    [InlineData("[[", 400_000)]
    [InlineData("&a ", 100_000)]
    [InlineData("!", 100_000)]
    [InlineData("'", 100_001)]
    [InlineData("\"\\", 100_000)]
    [InlineData("*a ", 100_000)]
    [InlineData("a: b: ", 50_000)]
    [InlineData("- - - ", 50_000)]
    [InlineData("{", 1_000_000)]
    [InlineData("%YAML 1.1\n", 50_000)]
    [InlineData("--- ", 50_000)]
    [InlineData("a\n", 200_000)]
    [InlineData("[a]: ", 100_000)]
    [InlineData("#", 1_000_000)]
    public void Read_MuchOfOneThing_EndsSoon(string part, int times)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(part, times)));
        bytes = bytes[..Math.Min(bytes.Length, YamlText.MaxBytes)];
        long start = Stopwatch.GetTimestamp();

        try
        {
            ConfigurationLoader.Parse(ConfigurationText.File, bytes, _ => null);
        }
        catch (ConfigurationException problem)
        {
            Assert.NotEmpty(problem.Problems);
        }

        Assert.InRange(Stopwatch.GetElapsedTime(start).TotalSeconds, 0, 20);
    }

    [Fact]
    public void Read_DeepNesting_IsRefusedAtTheLimit()
    {
        string yaml = "reader: " + new string('[', 5_000) + new string(']', 5_000);

        Assert.Equal("cflogstream.yaml:1:40: The file nests deeper than 32 levels.", ConfigurationText.Problem(yaml));
    }

    [Fact]
    public void Read_TenMegabytes_IsRefused()
    {
        Assert.Equal(
            "cflogstream.yaml: The file is larger than the 1048576 bytes a configuration may have.",
            ConfigurationText.Problem(new string('#', 10 * 1024 * 1024)));
    }

    [Fact]
    public void Read_NotUtf8_NamesTheByte()
    {
        byte[] yaml = [.. "reader: {}\n# caf"u8, 0xE9, .. "\n"u8];

        Assert.Equal(
            "cflogstream.yaml:2:6: The file cannot be read as YAML: byte 0xE9 is not UTF-8; save the file as UTF-8.",
            Assert.Single(ConfigurationText.Problems(yaml)));
    }

    [Fact]
    public void Read_Utf16_IsRefused()
    {
        byte[] yaml = [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes("reader: {}")];

        Assert.Equal(
            "cflogstream.yaml:1:4: The file cannot be read as YAML: byte 0x00 is a control character; expected UTF-8 text.",
            Assert.Single(ConfigurationText.Problems(yaml)));
    }

    [Theory]
    [InlineData("\uFEFFreader:\n  max_depth: 5\n")]
    [InlineData("reader:\r\n  max_depth: 5\r\n")]
    [InlineData("\uFEFFreader:\r\n  # note\r\n  max_depth: 5 # note")]
    [InlineData("---\nreader: {max_depth: 5}\n...\n")]
    [InlineData("%YAML 1.2\n---\n{\"reader\": {\"max_depth\": 5}}")]
    public void Read_ByteOrderMarkAndLineEnds_DoNotMatter(string yaml)
    {
        Assert.Equal(5, ConfigurationText.Load(yaml).Reader.MaxDepth);
    }

    [Fact]
    public void Read_ByteOrderMark_DoesNotMoveColumns()
    {
        Assert.Equal(
            "cflogstream.yaml:1:1: Unknown key 'readr' at the top of the file; did you mean 'reader'?",
            ConfigurationText.Problem("\uFEFFreadr: {}"));
    }

    [Fact]
    public void Read_AnyText_LoadsOrNamesProblems()
    {
        Gen<string> fragment = Gen.OneOf(
            "reader", ":", " ", "\n", "  ", "- ", "max_depth", "5", "[", "]", "{", "}", "&a", "*a", "'", "\"", "#", "|", ">", "\t",
            "\r", "~",
            ",", "?", "!", "%", "@", "---", "...", "<<", "classification", "clients", "surfaces", "é", "😀", "\u2028", "\0", "\\");
        fragment.Array[0, 40].Select(string.Concat).Sample(yaml =>
        {
            try
            {
                ConfigurationText.Load(yaml);
            }
            catch (ConfigurationException problem)
            {
                Assert.NotEmpty(problem.Problems);
                Assert.All(problem.Problems, one => Assert.Contains(one.Message[^1], ".?"));
            }
        }, iter: 3_000);
    }

    [Fact]
    public void Read_AnyBytes_LoadsOrNamesProblems()
    {
        Gen.Byte.Array[0, 60].Sample(bytes =>
        {
            try
            {
                ConfigurationLoader.Parse(ConfigurationText.File, bytes, _ => null);
            }
            catch (ConfigurationException problem)
            {
                Assert.NotEmpty(problem.Problems);
            }
        }, iter: 3_000);
    }
}
