namespace CfLogStream.Core.Logpush;

/// <summary>What the reader does with a key: where its value goes and what it says about the dataset.</summary>
/// <param name="Field">The <see cref="LogField"/> it fills, or -1.</param>
/// <param name="Extra">The extra field it fills, or -1.</param>
/// <param name="Aside">The place in <see cref="AsideField"/> it fills, or -1.</param>
internal readonly record struct KeyMeaning(short Field, short Extra, short Aside, DatasetEvidence Evidence)
{
    public static KeyMeaning Unwanted { get; } = new(-1, -1, -1, DatasetEvidence.None);

    public bool IsWanted => (Field & Extra & Aside) >= 0;
}
