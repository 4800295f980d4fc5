using System.Text;

namespace CfLogStream.Core.Traffic.Clients;

/// <summary>The words, hashes and groups of the client classes.</summary>
internal static class ClientClasses
{
    private static readonly string[] s_words =
    [
        "unknown", "cf_internal", "verified_bot", "webhook", "monitoring", "ai_agent", "crawler", "preview", "feed", "scanner",
        "headless", "load_test", "api_tool", "mobile_app", "browser_xhr", "browser_nav", "browser_claimed", "sdk", "cli", "infra", "no_ua",
    ];

    private static readonly byte[][] s_names = [.. s_words.Select(Encoding.ASCII.GetBytes)];
    private static readonly ulong[] s_hashes = [.. s_names.Select(name => StableHash.Of(name))];
    private static readonly ulong s_browserGroup = StableHash.Of("browser"u8);

    /// <summary>The word of a class as rows show it.</summary>
    public static ReadOnlySpan<byte> Name(ClientClass value) => s_names[(int)value];

    /// <summary>The stable hash of <see cref="Name"/>.</summary>
    public static ulong Hash(ClientClass value) => s_hashes[(int)value];

    /// <summary>
    /// The hash that stands for a class in a caller's key: the browser classes share one, for a browser both navigates and fetches.
    /// </summary>
    public static ulong CallerGroup(ClientClass value) => IsBrowser(value) ? s_browserGroup : s_hashes[(int)value];

    /// <summary>Whether the class is a browser class: an issued challenge can be solved.</summary>
    public static bool IsBrowser(ClientClass value) => value is ClientClass.BrowserXhr or ClientClass.BrowserNav or ClientClass.BrowserClaimed;

    /// <summary>Whether callers of the class are people, who share product, network and JA4 by the thousand.</summary>
    public static bool IsPeople(ClientClass value) => IsBrowser(value) || value == ClientClass.MobileApp;

    /// <summary>Where a class that user agents name stands in the precedence; false for a class that no user agent can claim.</summary>
    public static bool TryGetLevel(ClientClass value, out MatchLevel level)
    {
        switch (value)
        {
            case ClientClass.Scanner:
                level = MatchLevel.Scanner;
                return true;
            case ClientClass.Webhook:
                level = MatchLevel.Webhook;
                return true;
            case ClientClass.Monitoring or ClientClass.AiAgent or ClientClass.Crawler or ClientClass.Preview or ClientClass.Feed:
                level = MatchLevel.Named;
                return true;
            case ClientClass.Headless or ClientClass.LoadTest or ClientClass.ApiTool:
                level = MatchLevel.Tool;
                return true;
            case ClientClass.MobileApp:
                level = MatchLevel.Mobile;
                return true;
            case ClientClass.Sdk or ClientClass.Cli or ClientClass.Infra:
                level = MatchLevel.Library;
                return true;
            default:
                level = default;
                return false;
        }
    }

    /// <summary>Finds the class of a word; false when there is none.</summary>
    public static bool TryParse(string word, out ClientClass value)
    {
        int index = Array.IndexOf(s_words, word);
        value = (ClientClass)Math.Max(index, 0);
        return index >= 0;
    }

    /// <summary>The words of the classes that a user-agent token may name, for messages.</summary>
    public static string NamableWords =>
        string.Join(", ", Enum.GetValues<ClientClass>().Where(value => TryGetLevel(value, out _)).Select(value => s_words[(int)value]));
}
