using System.Formats.Tar;
using System.Text;
using CfLogStream.Server.Backup;
using CfLogStream.Server.Storage;
using CfLogStream.Server.Tests.Sources;
using CfLogStream.Server.Tests.Spool;

namespace CfLogStream.Server.Tests.Backup;

/// <summary>What is refused, and that a refusal leaves everything as it was.</summary>
public sealed class FolderBackupTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Archive => _folder["b.tar"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Restore_OfAWholeBackup_GivesTheSameFilesAndFolders()
    {
        MakeData();
        BackupManifest made = await MakeAsync();
        Assert.Equal(
            ["cflogstream-folder.json", "engine/metadata/a.sql", "engine/store/x/data.bin", "spool/partition-0000/00000000000000000007.seg"],
            made.Files.Select(file => file.Path).Order(StringComparer.Ordinal));
        Assert.Equal(DataFolderMarker.NewestSchema, made.Head.Schema);

        BackupManifest restored = await FolderRestore.RestoreAsync(Archive, _folder["new"], Ct);

        Assert.Equal(made.Files, restored.Files);
        foreach (BackupFile file in made.Files)
        {
            Assert.Equal(File.ReadAllBytes(_folder["data/" + file.Path]), File.ReadAllBytes(_folder["new/" + file.Path]));
        }

        // A spool has as many partitions as it has folders, also empty ones.
        Assert.True(Directory.Exists(_folder["new/spool/partition-0001"]));
        Assert.False(Directory.Exists(_folder["new/restore.unfinished"]));
        Assert.False(Path.Exists(_folder["new/engine/link"]));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Archive));
        }
    }

    [Fact]
    public async Task Check_AnyByteFlippedOrTheEndCutOff_IsRefusedAndNothingIsRestored()
    {
        MakeData();
        await MakeAsync();
        byte[] whole = await File.ReadAllBytesAsync(Archive, Ct);
        var random = new Random(7);
        var told = new List<string>();
        for (int i = 0; i < 120; i++)
        {
            byte[] damaged = i % 3 == 0 ? whole[..random.Next(whole.Length - 1024)] : [.. whole];
            int place = random.Next(damaged.Length);
            if (i % 3 != 0)
            {
                damaged[place] ^= (byte)(1 << random.Next(8));
            }

            await File.WriteAllBytesAsync(_folder["damaged.tar"], damaged, Ct);
            try
            {
                // Some bytes of an archive have no meaning: times, owners, what fills up a block. All else is noticed.
                BackupManifest read = await FolderRestore.RestoreAsync(_folder["damaged.tar"], _folder["new"], Ct);
                foreach (BackupFile file in read.Files)
                {
                    Assert.Equal(File.ReadAllBytes(_folder["data/" + file.Path]), File.ReadAllBytes(_folder["new/" + file.Path]));
                }

                Assert.True(i % 3 != 0, "A backup that is cut off was restored.");
                Directory.Delete(_folder["new"], recursive: true);
            }
            catch (BackupException problem)
            {
                Assert.StartsWith("The backup '" + _folder["damaged.tar"] + "' ", problem.Message, StringComparison.Ordinal);
                Assert.All(
                    Directory.Exists(_folder["new"]) ? new DirectoryInfo(_folder["new"]).GetFileSystemInfos() : [],
                    left => Assert.Equal("lock", left.Name));
                told.Add(problem.Message);
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{told.Count} of 120 refused, the others restored as they were");
        Assert.True(told.Count > 45, $"{told.Count} refused");
    }

    [Fact]
    public async Task Check_AFileChanged_SaysWhichAndHow()
    {
        MakeData();
        await MakeAsync();
        byte[] bytes = await File.ReadAllBytesAsync(Archive, Ct);
        int place = bytes.AsSpan().IndexOf("the rows"u8);
        bytes[place] ^= 1;
        await File.WriteAllBytesAsync(Archive, bytes, Ct);

        BackupException problem = await Assert.ThrowsAsync<BackupException>(() => FolderRestore.CheckAsync(Archive, Ct));

        Assert.Matches(
            "cannot be used: the file 'engine/store/x/data.bin' is not as it was written: it has 8 bytes with SHA-256 [0-9a-f]{64}, and should have 8 with [0-9a-f]{64}\\.",
            problem.Message);
    }

    [Theory]
    [InlineData("data/../../evil")]
    [InlineData("data/engine/../../evil")]
    [InlineData("/etc/evil")]
    [InlineData("data//evil")]
    [InlineData("data/./evil")]
    [InlineData("data/engine\\..\\evil")]
    [InlineData("data/lock")]
    [InlineData("data/restore.unfinished/x")]
    [InlineData("evil")]
    public async Task Restore_AnEntryThatLeadsElsewhere_IsRefused(string name)
    {
        await WriteArchiveAsync(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream("evil"u8.ToArray()) });

        BackupException problem = await Assert.ThrowsAsync<BackupException>(() => FolderRestore.RestoreAsync(Archive, _folder["in/new"], Ct));

        Assert.Contains($"the entry '{name}' (RegularFile) is none that a backup has", problem.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder.Path, "*evil*", SearchOption.AllDirectories));
    }

    [Theory]
    [InlineData(TarEntryType.SymbolicLink)]
    [InlineData(TarEntryType.HardLink)]
    [InlineData(TarEntryType.Fifo)]
    public async Task Restore_AnEntryThatIsNoFile_IsRefused(TarEntryType type)
    {
        var entry = new PaxTarEntry(type, "data/engine");
        if (type != TarEntryType.Fifo)
        {
            entry.LinkName = "/etc";
        }

        await WriteArchiveAsync(entry);

        BackupException problem = await Assert.ThrowsAsync<BackupException>(() => FolderRestore.RestoreAsync(Archive, _folder["new"], Ct));
        Assert.Contains($"the entry 'data/engine' ({type}) is none that a backup has", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Restore_OfANewerSchema_IsRefusedBeforeAnythingIsRead()
    {
        await WriteArchiveAsync(null, Head() with { Schema = DataFolderMarker.NewestSchema + 1, Program = "cflogstream 99" });

        BackupException problem = await Assert.ThrowsAsync<BackupException>(() => FolderRestore.RestoreAsync(Archive, _folder["new"], Ct));

        Assert.Equal(
            $"The backup '{Archive}' has schema {DataFolderMarker.NewestSchema + 1}, newer than {DataFolderMarker.NewestSchema}, the newest this program "
            + "knows. It was made by 'cflogstream 99': use that program or a newer one.",
            problem.Message);
    }

    [Fact]
    public async Task Restore_IntoAFolderWithSomethingInIt_IsRefused()
    {
        MakeData();
        await MakeAsync();
        _folder.Write("new/notes.txt");

        BackupException problem = await Assert.ThrowsAsync<BackupException>(() => FolderRestore.RestoreAsync(Archive, _folder["new"], Ct));

        Assert.Equal(
            $"The folder '{_folder["new"]}' is not empty: it has 'notes.txt'. A backup is restored into an empty folder only; name another one with "
            + "'--data DIR'.",
            problem.Message);
        Assert.Equal("notes.txt", Path.GetFileName(Assert.Single(Directory.GetFileSystemEntries(_folder["new"]))));
    }

    [Fact]
    public async Task Make_WhereItCannot_SaysWhy()
    {
        await Assert.ThrowsAsync<BackupException>(MakeAsync);
        MakeData();
        await MakeAsync();
        BackupException exists = await Assert.ThrowsAsync<BackupException>(MakeAsync);
        Assert.Equal($"'{Archive}' exists already; a backup never replaces one. Name another file.", exists.Message);
        BackupException inside = await Assert.ThrowsAsync<BackupException>(
            () => FolderBackup.MakeAsync(_folder["data"], _folder["data/b.tar"], null, TimeProvider.System, Ct));
        Assert.Contains("would be inside the data folder", inside.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task MakeAndRestore_DiskFull_LeaveNothingButWhatWasThere()
    {
        using var disk = new SmallDisk(4);
        MakeData();
        _folder.Write("data/engine/big.bin", new byte[8 << 20]);

        BackupException full = await Assert.ThrowsAsync<BackupException>(
            () => FolderBackup.MakeAsync(_folder["data"], Path.Combine(disk.Folder, "b.tar"), null, TimeProvider.System, Ct));
        Assert.Contains("No space left on device", full.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(disk.Folder));

        await MakeAsync();
        full = await Assert.ThrowsAsync<BackupException>(() => FolderRestore.RestoreAsync(Archive, Path.Combine(disk.Folder, "new"), Ct));
        Assert.Contains("No space left on device", full.Message, StringComparison.Ordinal);
        Assert.Equal(["lock"], Directory.GetFileSystemEntries(Path.Combine(disk.Folder, "new")).Select(Path.GetFileName));
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static BackupHead Head() => new()
    {
        Program = "cflogstream",
        Created = DateTimeOffset.UnixEpoch,
        FolderFormat = 1,
        Schema = 0,
        IsOnline = false,
    };

    private void MakeData()
    {
        _folder.Write("data/engine/store/x/data.bin", "the rows");
        _folder.Write("data/engine/metadata/a.sql", "ATTACH TABLE");
        _folder.Write("data/engine/status", "PID: 1");
        _folder.Write("data/spool/partition-0000/00000000000000000007.seg", Encoding.UTF8.GetBytes(new string('s', 3000)));
        _folder.Write("data/uploads/half.tmp");
        Directory.CreateDirectory(_folder["data/spool/partition-0001"]);
        File.CreateSymbolicLink(_folder["data/engine/link"], "/etc/passwd");
        DataFolderMarker.Note(_folder["data"]);
    }

    private Task<BackupManifest> MakeAsync() => FolderBackup.MakeAsync(_folder["data"], Archive, null, TimeProvider.System, Ct);

    private async Task WriteArchiveAsync(TarEntry? entry, BackupHead? head = null)
    {
        await using FileStream file = File.Create(Archive);
        await using var tar = new TarWriter(file);
        await tar.WriteEntryAsync(
            new PaxTarEntry(TarEntryType.RegularFile, BackupLayout.Head) { DataStream = new MemoryStream(BackupJson.Write(head ?? Head())) }, Ct);
        if (entry is not null)
        {
            await tar.WriteEntryAsync(entry, Ct);
        }
    }
}
