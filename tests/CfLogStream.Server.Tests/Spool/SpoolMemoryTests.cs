using System.Runtime.InteropServices;

namespace CfLogStream.Server.Tests.Spool;

/// <summary>What of a spool stays in the system's memory.</summary>
public sealed class SpoolMemoryTests
{
    private const int MiB = 1024 * 1024;
    private const int PageBytes = 4096;

    [Fact]
    public async Task Append_FarAheadOfTheReader_LeavesTheMemoryAndIsReadFromDisk()
    {
        using var spool = new SpoolFolder();
        SkipWithoutDisk(spool);
        for (int i = 0; i < 40; i++)
        {
            await spool.AppendAsync(SpoolFolder.Message(0, i, MiB));
        }

        Assert.InRange(Resident(spool), 1, 24 * MiB);
        var (messages, lost) = spool.ReadAll();
        Assert.Empty(lost);
        Assert.Equal(40, messages.Count);
        foreach ((Kafka.Slices.Slice message, int i) in messages.Values.Select((message, i) => (message, i)))
        {
            SpoolFolder.AssertSame(SpoolFolder.Message(0, i, MiB), message);
        }
    }

    [Fact]
    public async Task Append_BeforeAReaderThatFollows_StaysUntilItWasRead()
    {
        using var spool = new SpoolFolder();
        SkipWithoutDisk(spool);
        for (int i = 0; i < 40; i += 10)
        {
            for (int j = i; j < i + 10; j++)
            {
                await spool.AppendAsync(SpoolFolder.Message(0, j, MiB));
            }

            Assert.InRange(Resident(spool), 10 * MiB, 16 * MiB);
            Assert.Equal(i + 10, spool.ReadAll().Messages.Count);
            Assert.InRange(Resident(spool), 0, 4 * MiB);
        }
    }

    private static void SkipWithoutDisk(SpoolFolder spool) => Assert.SkipUnless(
        OperatingSystem.IsLinux() && new DriveInfo(Path.GetFullPath(spool.Options.Folder)).DriveFormat != "tmpfs",
        "What is in memory can be asked of Linux, of a file on a disk.");

    /// <summary>Returns how many bytes of the segments are in memory.</summary>
    private static long Resident(SpoolFolder spool)
    {
        const int Read = 1;
        const int Shared = 1;
        long resident = 0;
        foreach (string file in spool.Files())
        {
            using FileStream stream = new(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            nint length = (nint)stream.Length;
            byte[] pages = new byte[(length + PageBytes - 1) / PageBytes];
            nint map = Map(0, length, Read, Shared, (int)stream.SafeFileHandle.DangerousGetHandle(), 0);
            Assert.NotEqual(-1, map);
            Assert.Equal(0, InCore(map, length, pages));
            Assert.Equal(0, Unmap(map, length));
            resident += pages.Count(static page => (page & 1) != 0) * (long)PageBytes;
        }

        return resident;
    }

    [DllImport("libc", EntryPoint = "mmap")]
    private static extern nint Map(nint address, nint length, int protection, int flags, int file, nint offset);

    [DllImport("libc", EntryPoint = "munmap")]
    private static extern int Unmap(nint address, nint length);

    [DllImport("libc", EntryPoint = "mincore")]
    private static extern int InCore(nint address, nint length, byte[] pages);
}
