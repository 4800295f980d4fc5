using System.Diagnostics;
using CfLogStream.Server.Tests.Sources;

namespace CfLogStream.Server.Tests.Spool;

/// <summary>A disk of a few megabytes, for as long as this object lives.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly bool _isMounted;

    public SmallDisk(int megabytes)
    {
        _isMounted = Run("mount", "-t", "tmpfs", "-o", $"size={megabytes}m", "tmpfs", _folder.Path);
        if (!_isMounted)
        {
            _folder.Dispose();
            Assert.Skip("needs to mount a small disk");
        }
    }

    public string Folder => _folder.Path;

    public void Dispose()
    {
        Run("umount", _folder.Path);
        _folder.Dispose();
    }

    private static bool Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
