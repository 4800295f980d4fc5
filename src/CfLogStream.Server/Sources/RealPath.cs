namespace CfLogStream.Server.Sources;

/// <summary>Finds where a path really leads, so that one file or folder under two names is seen as one.</summary>
internal static class RealPath
{
    private const int MaxLinks = 40;

    /// <summary>Returns the absolute path with every symbolic link replaced by what it points to; null when the links never end.</summary>
    public static string? Of(string path)
    {
        string full = Path.GetFullPath(path);
        string root = Path.GetPathRoot(full) ?? "/";
        var parts = new Stack<string>(Parts(full[root.Length..]).Reverse());
        string real = root;
        int links = 0;
        while (parts.TryPop(out string? part))
        {
            string next = Path.Combine(real, part);
            string? target = new FileInfo(next).LinkTarget;
            if (part == "..")
            {
                real = Path.GetDirectoryName(real) ?? root;
            }
            else if (target is null)
            {
                real = next;
            }
            else if (++links > MaxLinks)
            {
                return null;
            }
            else
            {
                real = Path.IsPathRooted(target) ? root : real;
                foreach (string targetPart in Parts(target).Reverse())
                {
                    parts.Push(targetPart);
                }
            }
        }

        return real;
    }

    private static IEnumerable<string> Parts(string path) =>
        path.Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries).Where(part => part != ".");
}
