namespace CfLogStream.Server.Tests.Configuration;

/// <summary>Where the committed files are.</summary>
internal static class RepositoryRoot
{
    public static string Find()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "CfLogStream.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"No folder above {AppContext.BaseDirectory} has CfLogStream.sln.");
    }
}
