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
    [InlineData("diagnosis-phone.png", 390, 1500)]
    public async Task Html_InChromium_GivesThePictureOfTheDocumentation(string name, int width, int height)
    {
        Browser.SkipIfMissing();
        DirectoryInfo folder = Directory.CreateTempSubdirectory("cflogstream-picture-");
        try
        {
            string page = Path.Combine(folder.FullName, "diagnosis.html");
            await File.WriteAllTextAsync(page, Html(SampleDiagnosis.Build()), TestContext.Current.CancellationToken);
            string picture = Path.Combine(folder.FullName, name);
            await Browser.PictureAsync(await FrameAsync(page, width, height), picture, Math.Max(width, 600), height);

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

    /// <summary>A browser's window is never narrower than 500 pixels, a frame is.</summary>
    private static async Task<string> FrameAsync(string page, int width, int height)
    {
        if (width >= 600)
        {
            return page;
        }

        string frame = Path.Combine(Path.GetDirectoryName(page)!, "frame.html");
        await File.WriteAllTextAsync(
            frame,
            $"<body style=\"margin:0;background:#888\"><iframe src=\"{Path.GetFileName(page)}\" width=\"{width}\" height=\"{height}\" style=\"border:0\"></iframe>",
            TestContext.Current.CancellationToken);
        return frame;
    }
}
