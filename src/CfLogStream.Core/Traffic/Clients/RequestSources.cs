namespace CfLogStream.Core.Traffic.Clients;

/// <summary>The values of ClientRequestSource, as words or as their documented numbers.</summary>
internal static class RequestSources
{
    private const int Unknown = 0;
    private const int Eyeball = 1;
    private const int FromWorker = 5;
    private const int OrangeToOrange = 9;

    // In the order of their numbers (Cloudflare docs, logs/reference/clientrequestsource).
    private static readonly byte[][] s_words =
    [
        "unknown"u8.ToArray(), "eyeball"u8.ToArray(), "purge"u8.ToArray(), "alwaysOnline"u8.ToArray(), "healthcheck"u8.ToArray(),
        "edgeWorkerFetch"u8.ToArray(), "edgeWorkerCacheAPI"u8.ToArray(), "edgeWorkerKV"u8.ToArray(), "imageResizing"u8.ToArray(),
        "orangeToOrange"u8.ToArray(), "sslDetector"u8.ToArray(), "earlyHintsCache"u8.ToArray(), "inBrowserChallenge"u8.ToArray(),
    ];

    /// <summary>The source of a Worker's subrequest.</summary>
    public static ReadOnlySpan<byte> WorkerFetch => s_words[FromWorker];

    /// <summary>Finds out whether Cloudflare made a request, from its source as logged.</summary>
    /// <param name="number">The number of the source that counts; 0 for a client's request.</param>
    /// <returns>False when the source is logged in a way that only <see cref="TryGetWord"/> knows.</returns>
    public static bool TryGetInternal(scoped in ClientSignals signals, out byte number)
    {
        ReadOnlySpan<byte> logged = signals.RequestSource;
        int word = logged.IsEmpty ? Unknown : logged.SequenceEqual("eyeball"u8) ? Eyeball : Find(logged);
        bool isWorkers = signals.IsSubrequest || (word == Unknown && signals.IsFromWorker);
        number = (byte)(word is not (Unknown or Eyeball or OrangeToOrange) ? Math.Max(word, 0) : isWorkers ? FromWorker : 0);
        return word >= 0;
    }

    /// <summary>Returns the word of a logged value; false when it is empty or unknown.</summary>
    public static bool TryGetWord(ReadOnlySpan<byte> logged, out ReadOnlySpan<byte> word)
    {
        word = logged;
        if (System.Buffers.Text.Utf8Parser.TryParse(logged, out byte number, out int consumed) && consumed == logged.Length
            && number < s_words.Length)
        {
            word = s_words[number];
        }

        return !word.IsEmpty && !Is(word, s_words[Unknown]);
    }

    /// <summary>Whether a word says that Cloudflare made the request; also for words that are not known.</summary>
    public static bool IsInternal(ReadOnlySpan<byte> word) => !word.IsEmpty && !Is(word, s_words[Unknown]) && !Is(word, s_words[Eyeball]) && !Is(word, s_words[OrangeToOrange]);

    private static int Find(ReadOnlySpan<byte> logged)
    {
        for (int i = 0; i < s_words.Length; i++)
        {
            if (logged.SequenceEqual(s_words[i]))
            {
                return i;
            }
        }

        return -1;
    }

    private static bool Is(ReadOnlySpan<byte> word, ReadOnlySpan<byte> other) => System.Text.Ascii.EqualsIgnoreCase(word, other);
}
