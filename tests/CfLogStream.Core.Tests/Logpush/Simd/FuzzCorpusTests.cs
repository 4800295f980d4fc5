using CfLogStream.Core.Fuzz;

namespace CfLogStream.Core.Tests.Logpush.Simd;

/// <summary>The inputs of the fuzz target, what fuzzing once found among them, and mutations of them.</summary>
public sealed class FuzzCorpusTests
{
    private static readonly string s_folder = Path.Combine(AppContext.BaseDirectory, "Corpus");

    [Fact]
    public void FindDifference_EveryInput_IsNone()
    {
        string[] files = Directory.GetFiles(s_folder);
        Assert.NotEmpty(files);
        foreach (string file in files)
        {
            string? difference = ReadingTarget.FindDifference(File.ReadAllBytes(file));
            Assert.True(difference is null, $"{Path.GetFileName(file)}: {difference}");
        }
    }

    [Fact]
    public void FindDifference_MutatedInputs_IsNone()
    {
        int seed = Random.Shared.Next();
        var random = new Random(seed);
        byte[][] inputs = [.. Directory.GetFiles(s_folder).Order(StringComparer.Ordinal).Select(File.ReadAllBytes)];
        for (int i = 0; i < 2_500; i++)
        {
            byte[] input = Mutation.Apply(random, inputs[random.Next(inputs.Length)], inputs[random.Next(inputs.Length)]);
            input = i % 2 == 0 ? input : Mutation.Apply(random, input, inputs[random.Next(inputs.Length)]);
            string? difference = ReadingTarget.FindDifference(input);
            Assert.True(difference is null, $"Seed {seed}: {difference}");
        }
    }

    [Fact]
    public void FindDifference_EmptyInput_IsNone() => Assert.Null(ReadingTarget.FindDifference([]));
}
