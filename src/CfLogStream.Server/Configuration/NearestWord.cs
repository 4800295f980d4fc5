namespace CfLogStream.Server.Configuration;

/// <summary>Finds the word somebody probably meant.</summary>
public static class NearestWord
{
    // Longer than any key; what is longer is no slip of the finger.
    private const int MaxLength = 64;

    /// <summary>
    /// Returns the candidate with the fewest edits (insert, delete, replace, swap neighbours) from the word, not counting case, hyphens
    /// and underscores; the first in ordinal order when several are equally near; null when none is near enough to suggest.
    /// </summary>
    public static string? Find(string word, IEnumerable<string> candidates)
    {
        ArgumentNullException.ThrowIfNull(word);
        ArgumentNullException.ThrowIfNull(candidates);
        string folded = Fold(word);
        if (folded.Length is 0 or > MaxLength)
        {
            return null;
        }

        string? best = null;
        int bestEdits = int.MaxValue;
        foreach (string candidate in candidates.Order(StringComparer.Ordinal))
        {
            string foldedCandidate = Fold(candidate);
            int edits = Edits(folded, foldedCandidate);
            if (edits > Allowed(folded, foldedCandidate))
            {
                // A key without its unit or with half of its name is a near miss however long the rest is.
                bool isStart = folded.Length >= 3 && foldedCandidate.StartsWith(folded, StringComparison.Ordinal);
                if (!isStart)
                {
                    continue;
                }
            }

            if (edits < bestEdits)
            {
                best = candidate;
                bestEdits = edits;
            }
        }

        return best;
    }

    /// <summary>Returns the optimal string alignment distance: edits, with a swap of neighbours as one.</summary>
    internal static int Edits(string left, string right)
    {
        int width = right.Length + 1;
        int[] beforePrevious = new int[width];
        int[] previous = new int[width];
        int[] current = new int[width];
        for (int column = 0; column < width; column++)
        {
            previous[column] = column;
        }

        for (int row = 1; row <= left.Length; row++)
        {
            current[0] = row;
            for (int column = 1; column < width; column++)
            {
                bool same = left[row - 1] == right[column - 1];
                int edits = Math.Min(
                    Math.Min(current[column - 1], previous[column]) + 1,
                    previous[column - 1] + (same ? 0 : 1));
                bool swapped = row > 1 && column > 1 && left[row - 1] == right[column - 2] && left[row - 2] == right[column - 1];
                current[column] = swapped ? Math.Min(edits, beforePrevious[column - 2] + 1) : edits;
            }

            (beforePrevious, previous, current) = (previous, current, beforePrevious);
        }

        return previous[^1];
    }

    /// <summary>Returns the word as it is compared.</summary>
    internal static string Fold(string word) =>
        word.Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal).ToLowerInvariant();

    private static int Allowed(string word, string candidate) => Math.Max(1, Math.Max(word.Length, candidate.Length) / 3);
}
