namespace CfLogStream.Core.Traffic.Clients;

/// <summary>The values of ClientRequestSource, as words or as their documented numbers.</summary>
internal static class RequestSources
{
    // In the order of their numbers (Cloudflare docs, logs/reference/clientrequestsource).
    private static readonly byte[][] s_words =
    [
        "unknown"u8.ToArray(), "eyeball"u8.ToArray(), "purge"u8.ToArray(), "alwaysOnline"u8.ToArray(), "healthcheck"u8.ToArray(),
        "edgeWorkerFetch"u8.ToArray(), "edgeWorkerCacheAPI"u8.ToArray(), "edgeWorkerKV"u8.ToArray(), "imageResizing"u8.ToArray(),
        "orangeToOrange"u8.ToArray(), "sslDetector"u8.ToArray(), "earlyHintsCache"u8.ToArray(), "inBrowserChallenge"u8.ToArray(),
    ];

    /// <summary>Returns the word of a logged value; false when it is empty or unknown.</summary>
    public static bool TryGetWord(ReadOnlySpan<byte> logged, out ReadOnlySpan<byte> word)
    {
        word = logged;
        if (System.Buffers.Text.Utf8Parser.TryParse(logged, out byte number, out int consumed) && consumed == logged.Length
            && number < s_words.Length)
        {
            word = s_words[number];
        }

        return !word.IsEmpty && !Is(word, s_words[0]);
    }

    /// <summary>Whether a word says that Cloudflare made the request; also for words that are not known.</summary>
    public static bool IsInternal(ReadOnlySpan<byte> word) => !word.IsEmpty && !Is(word, s_words[0]) && !Is(word, s_words[1]) && !Is(word, s_words[9]);

    private static bool Is(ReadOnlySpan<byte> word, ReadOnlySpan<byte> other) => System.Text.Ascii.EqualsIgnoreCase(word, other);
}
