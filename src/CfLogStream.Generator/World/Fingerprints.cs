namespace CfLogStream.Generator.World;

/// <summary>The programs that call.</summary>
internal static class Fingerprints
{
    /// <summary>Browsers on desks and phones, several versions each; the first half is the more common.</summary>
    public static readonly Fingerprint[] Browsers = [.. BuildBrowsers()];

    /// <summary>iOS and Android builds of one app.</summary>
    public static Fingerprint[] ShopApp { get; } =
    [
        .. Versions("ShopApp/{0} (example.shop.app; build:{1}; iOS {2}) Alamofire/5.9.1", "alamofire"),
        .. Versions("ShopApp/{1} CFNetwork/1498.700.2 Darwin/23.6.0", "cfnetwork").Take(2),
        new("okhttp/4.12.0", "okhttp-android", device: "mobile", clientName: "okhttp"),
        new("okhttp/4.11.0", "okhttp-android", device: "mobile", clientName: "okhttp"),
    ];

    public static Fingerprint[] FleetApp { get; } = [new("Dart/3.8 (dart:io)", "dart", "HTTP/1.1", "mobile"),
        new("Dart/3.5 (dart:io)", "dart", "HTTP/1.1", "mobile")];

    private static IEnumerable<Fingerprint> Versions(string format, string family)
    {
        (string, string, string)[] builds = [("5.14.0", "51402", "18.6.0"), ("5.13.2", "51321", "18.5.0"), ("5.14.0", "51402", "17.7.2"),
            ("5.11.0", "51107", "18.6.0"), ("4.98.3", "49831", "16.7.10")];
        foreach ((string version, string build, string system) in builds)
        {
            yield return new Fingerprint(string.Format(System.Globalization.CultureInfo.InvariantCulture, format, version, build, system),
                family, device: "mobile");
        }
    }

    private static IEnumerable<Fingerprint> BuildBrowsers()
    {
        const string Chromium = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/";
        for (int version = 150; version >= 144; version--)
        {
            string family = version >= 148 ? "chrome-a" : "chrome-b";
            yield return new($"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {Chromium}{version}.0.0.0 Safari/537.36", family,
                clientName: "chrome");
            yield return new($"Mozilla/5.0 (Linux; Android 10; K) {Chromium}{version}.0.0.0 Mobile Safari/537.36", family, "HTTP/3",
                "mobile", clientName: "chrome");
            yield return new($"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {Chromium}{version}.0.0.0 Safari/537.36", family, "HTTP/3",
                clientName: "chrome");
            yield return new($"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {Chromium}{version}.0.0.0 Safari/537.36 Edg/{version}.0.0.0",
                family, clientName: "edge");
        }

        foreach (string release in (string[])["18_6", "18_5", "17_7", "16_7"])
        {
            string dotted = release.Replace('_', '.');
            yield return new($"Mozilla/5.0 (iPhone; CPU iPhone OS {release} like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/{dotted} Mobile/15E148 Safari/604.1", "safari", "HTTP/2", "mobile", clientName: "safari");
            yield return new($"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/{dotted} Safari/605.1.15", "safari", clientName: "safari");
        }

        for (int version = 152; version >= 148; version--)
        {
            yield return new($"Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:{version}.0) Gecko/20100101 Firefox/{version}.0", "firefox",
                clientName: "firefox");
            yield return new($"Mozilla/5.0 (X11; Linux x86_64; rv:{version}.0) Gecko/20100101 Firefox/{version}.0", "firefox", "HTTP/3",
                clientName: "firefox");
        }
    }
}
