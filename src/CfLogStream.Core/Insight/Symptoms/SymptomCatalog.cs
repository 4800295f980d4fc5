using System.Globalization;
using System.Text;

namespace CfLogStream.Core.Insight.Symptoms;

/// <summary>The symptoms, and the recognition of what somebody pasted.</summary>
public static class SymptomCatalog
{
    private const int MaxText = 2000;
    private const double SureEnough = 0.62;

    /// <summary>All symptoms, in the order of the documentation.</summary>
    public static IReadOnlyList<Symptom> All => SymptomTable.All;

    /// <summary>
    /// Returns the symptom that a text describes: by an error code in it, by a spelling that it holds, or by one that it nearly is.
    /// </summary>
    public static SymptomMatch Find(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string folded = Fold(text);
        (Symptom Symptom, double Likeness)[] order =
        [
            .. All.Select(symptom => (symptom, symptom.Spellings.Max(spelling => Likeness(folded, spelling))))
                .OrderByDescending(static pair => pair.Item2),
        ];
        Symptom[] nearest = [.. order.Select(static pair => pair.Symptom)];
        Symptom? found = ByCode(folded) ?? BySpelling(folded);
        if (found is null && !HasOtherCode(folded) && order[0].Likeness >= SureEnough)
        {
            found = order[0].Symptom;
        }

        return new SymptomMatch(found, nearest);
    }

    /// <summary>Folds a text: lower case, letters and digits only, everything else one blank.</summary>
    public static string Fold(string text)
    {
        var folded = new StringBuilder();
        foreach (char c in text.Length > MaxText ? text[..MaxText] : text)
        {
            if (char.IsLetterOrDigit(c))
            {
                folded.Append(char.ToLowerInvariant(c));
            }
            else if (folded.Length > 0 && folded[^1] != ' ')
            {
                folded.Append(' ');
            }
        }

        return folded.ToString().Trim();
    }

    private static Symptom? ByCode(string folded) => Codes(folded)
        .Select(static code => All.FirstOrDefault(symptom => symptom.Spellings.Contains(code)))
        .FirstOrDefault(static symptom => symptom is not null);

    // An error code that is not in the catalogue is no misspelling of one that is.
    private static bool HasOtherCode(string folded) => Codes(folded).Any();

    private static IEnumerable<string> Codes(string folded) =>
        folded.Split(' ').Where(static word => word.Length == 4 && word[0] == '1'
            && int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out _));

    // The longest spelling tells most.
    private static Symptom? BySpelling(string folded)
    {
        string padded = $" {folded} ";
        return All
            .SelectMany(static symptom => symptom.Spellings.Select(spelling => (symptom, spelling)))
            .Where(pair => padded.Contains($" {pair.spelling} ", StringComparison.Ordinal))
            .OrderByDescending(static pair => pair.spelling.Length)
            .Select(static pair => pair.symptom)
            .FirstOrDefault();
    }

    /// <summary>Dice's coefficient over pairs of letters: 1 for the same text.</summary>
    private static double Likeness(string left, string right)
    {
        if (left.Length < 2 || right.Length < 2)
        {
            return left == right ? 1 : 0;
        }

        var pairs = new Dictionary<(char, char), int>();
        for (int i = 0; i + 1 < left.Length; i++)
        {
            (char, char) pair = (left[i], left[i + 1]);
            pairs[pair] = pairs.GetValueOrDefault(pair) + 1;
        }

        int shared = 0;
        for (int i = 0; i + 1 < right.Length; i++)
        {
            (char, char) pair = (right[i], right[i + 1]);
            if (pairs.GetValueOrDefault(pair) > 0)
            {
                pairs[pair]--;
                shared++;
            }
        }

        return 2.0 * shared / (left.Length + right.Length - 2);
    }
}
