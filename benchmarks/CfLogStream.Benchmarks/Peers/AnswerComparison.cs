using System.Globalization;

namespace CfLogStream.Benchmarks.Peers;

/// <summary>Compares the engines' answers: each quantity among all that know it.</summary>
internal static class AnswerComparison
{
    /// <summary>Returns one sentence per quantity that differs; none when all agree.</summary>
    /// <exception cref="ArgumentException">There is nothing to compare: no quantity is known to two engines.</exception>
    public static IReadOnlyList<string> Differences(IReadOnlyList<(string Engine, PeerAnswer Answer)> answers)
    {
        var differences = new List<string>();
        bool any = false;
        int index = 0;
        foreach (string name in new PeerAnswer().Quantities.Select(quantity => quantity.Name))
        {
            (string Engine, long Value)[] known = [.. answers
                .Select(answer => (answer.Engine, answer.Answer.Quantities.ElementAt(index).Value))
                .Where(answer => answer.Value is not null)
                .Select(answer => (answer.Engine, answer.Value!.Value))];
            any |= known.Length > 1;
            if (known.Any(answer => answer.Value != known[0].Value))
            {
                string values = string.Join(
                    "; ", known.Select(answer => string.Create(CultureInfo.InvariantCulture, $"{answer.Engine}: {answer.Value:N0}")));
                differences.Add($"The engines differ in {name}: {values}.");
            }

            index++;
        }

        return any ? differences : throw new ArgumentException("No two answers can be compared.", nameof(answers));
    }
}
