using System.Diagnostics;

namespace CfLogStream.EndToEnd.Tests.Support;

/// <summary>A file system of a few megabytes, to be filled; it lies in memory.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private bool _isMounted;

    private SmallDisk()
    {
    }

    public string Path => _folder.Path;

    private string Ballast => _folder.Combine("ballast");

    /// <summary>Mounts it, or skips the test where that is not allowed.</summary>
    public static SmallDisk Mount(int megabytes)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "Only root on Linux can mount a small file system to fill.");
        var disk = new SmallDisk();
        string problem = Run("mount", "-t", "tmpfs", "-o", $"size={megabytes}m", "cflogstream-test", disk.Path);
        disk._isMounted = problem.Length == 0;
        if (!disk._isMounted)
        {
            disk.Dispose();
            Assert.Skip($"A small file system cannot be mounted: {problem}");
        }

        return disk;
    }

    /// <summary>Takes every byte that is left; returns how many.</summary>
    public long Fill()
    {
        byte[] zeros = new byte[4096];
        using FileStream ballast = new(Ballast, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);
        try
        {
            while (true)
            {
                ballast.Write(zeros);
            }
        }
        catch (IOException)
        {
            return ballast.Length;
        }
    }

    /// <summary>Gives it all back.</summary>
    public void Free() => File.Delete(Ballast);

    public void Dispose()
    {
        if (_isMounted)
        {
            Run("umount", "-l", Path);
        }

        _folder.Dispose();
    }

    private static string Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        string said = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? "" : $"{program} ended with {process.ExitCode}: {said.Trim()}";
    }
}
