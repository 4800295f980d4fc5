using System.Diagnostics;

namespace CfLogStream.Server.Tests.Insight.Reporting;

/// <summary>Chromium, headless, by its command line: it loads one page and prints the document or takes a picture.</summary>
internal static class Browser
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(120);

    private static readonly string[] s_arguments =
    [
        "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking", "--disable-component-update",
        "--disable-extensions", "--disable-sync", "--no-first-run", "--no-default-browser-check", "--hide-scrollbars", "--force-device-scale-factor=1",
        "--virtual-time-budget=4000",
    ];

    private static readonly string? s_program = Find();

    /// <summary>Skips the test where there is no browser.</summary>
    public static void SkipIfMissing() =>
        Assert.SkipWhen(s_program is null, "There is no Chromium on the path ('chromium', 'chromium-browser' or 'google-chrome'). Debian: apt-get install chromium.");

    /// <summary>Loads a page and returns the document as it is after its scripts, if any, ran.</summary>
    public static Task<string> DumpAsync(string page, bool dark = false) =>
        RunAsync([.. Scheme(dark), "--dump-dom", new Uri(page).AbsoluteUri]);

    /// <summary>Loads a page and writes a picture of it.</summary>
    public static Task PictureAsync(string page, string picture, int width, int height, bool dark = false) =>
        RunAsync([.. Scheme(dark), $"--window-size={width},{height}", $"--screenshot={picture}", new Uri(page).AbsoluteUri]);

    private static string[] Scheme(bool dark) => dark ? ["--blink-settings=preferredColorScheme=0"] : ["--blink-settings=preferredColorScheme=1"];

    private static async Task<string> RunAsync(string[] arguments)
    {
        DirectoryInfo profile = Directory.CreateTempSubdirectory("cflogstream-browser-");
        try
        {
            var start = new ProcessStartInfo(s_program!) { RedirectStandardOutput = true, RedirectStandardError = true };
            foreach (string argument in (string[])[.. s_arguments, $"--user-data-dir={profile.FullName}", .. arguments])
            {
                start.ArgumentList.Add(argument);
            }

            using Process process = Process.Start(start)!;
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
            limit.CancelAfter(s_patience);
            try
            {
                Task<string> document = process.StandardOutput.ReadToEndAsync(limit.Token);
                Task<string> complaints = process.StandardError.ReadToEndAsync(limit.Token);
                await process.WaitForExitAsync(limit.Token);
                Assert.True(process.ExitCode == 0, $"Chromium ended with {process.ExitCode}: {await complaints}");
                return await document;
            }
            finally
            {
                if (!process.HasExited)
                {
                    process.Kill(entireProcessTree: true);
                }
            }
        }
        finally
        {
            Remove(profile);
        }
    }

    private static void Remove(DirectoryInfo profile)
    {
        try
        {
            profile.Delete(recursive: true);
        }
        catch (IOException)
        {
            // A process of the browser still writes its last file; the folder is the system's to clean then.
        }
    }

    private static string? Find() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .SelectMany(folder => new[] { "chromium", "chromium-browser", "google-chrome" }.Select(name => Path.Combine(folder, name)))
            .FirstOrDefault(File.Exists);
}
