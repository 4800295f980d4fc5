using CfLogStream.Core.Insight.Findings;
using CfLogStream.Server.Insight.Reporting;
using CfLogStream.Server.Tests.Configuration;

namespace CfLogStream.Server.Tests.Insight.Reporting;

/// <summary>The pictures of the documentation. <c>docs/pictures.sh</c> takes them anew: it names the folder in an environment variable.</summary>
public sealed class PictureTests
{
    private const string Variable = "CFLOGSTREAM_PICTURES";
    private const int LargestBytes = 300_000;

    [Theory]
    [InlineData("diagnosis.png", 1100, 1650)]
    [InlineData("diagnosis-phone.png", 820, 1000)]
    public async Task Html_InChromium_GivesThePictureOfTheDocumentation(string name, int width, int height)
    {
        Browser.SkipIfMissing();
        DirectoryInfo folder = Directory.CreateTempSubdirectory("cflogstream-picture-");
        try
        {
            string page = Path.Combine(folder.FullName, "diagnosis.html");
            await File.WriteAllTextAsync(page, Html(SampleDiagnosis.Build()), TestContext.Current.CancellationToken);
            string picture = Path.Combine(folder.FullName, name);
            await Browser.PictureAsync(name.Contains("phone", StringComparison.Ordinal) ? await PhonesAsync(page) : page, picture, width, height);

            Assert.InRange(new FileInfo(picture).Length, 10_000, LargestBytes);
            if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } target)
            {
                File.Copy(picture, Path.Combine(target, name), overwrite: true);
            }

            Assert.True(File.Exists(Path.Combine(RepositoryRoot.Find(), "docs", "pictures", name)), $"docs/pictures/{name} is missing: run docs/pictures.sh.");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    internal static string Html(Diagnosis diagnosis)
    {
        using var page = new StringWriter();
        DiagnosisHtml.Write(diagnosis, page);
        return page.ToString();
    }

    /// <summary>Two phones of 375 pixels: the page's beginning, and a finding. A browser's window is never that narrow, a frame is.</summary>
    private static async Task<string> PhonesAsync(string page)
    {
        string phones = Path.Combine(Path.GetDirectoryName(page)!, "phones.html");
        string file = Path.GetFileName(page);
        await File.WriteAllTextAsync(
            phones,
            $$"""
            <style>body { margin: 0; background: #d5dae3; display: flex; gap: 22px; padding: 24px; }
            iframe { width: 375px; height: 952px; border: 0; border-radius: 26px; }</style>
            <iframe src="{{file}}"></iframe><iframe src="{{file}}#finding-1-trend"></iframe>
            """,
            TestContext.Current.CancellationToken);
        return phones;
    }
}
