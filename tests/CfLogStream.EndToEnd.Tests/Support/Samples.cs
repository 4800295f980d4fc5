namespace CfLogStream.EndToEnd.Tests.Support;

/// <summary>Published records of other projects, which stand beside the checkout and are no part of it.</summary>
internal static class Samples
{
    /// <summary>The folder; null when it is not there.</summary>
    public static string? Folder()
    {
        string? named = Environment.GetEnvironmentVariable("CFLOGSTREAM_SAMPLES");
        if (!string.IsNullOrEmpty(named))
        {
            return Directory.Exists(named) ? named : null;
        }

        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "CfLogStream.sln")))
            {
                string samples = System.IO.Path.Combine(folder.Parent!.FullName, "shared", "samples");
                return Directory.Exists(samples) ? samples : null;
            }
        }

        return null;
    }
}
