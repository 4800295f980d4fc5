using CfLogStream.EndToEnd.Tests.Executable;
using CfLogStream.EndToEnd.Tests.Receiving;
using CfLogStream.EndToEnd.Tests.Support;

namespace CfLogStream.EndToEnd.Tests.Backup;

/// <summary>A folder that was restored elsewhere goes on exactly where its backup was made.</summary>
public sealed class BackupTests
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(40);

    [Theory]
    [InlineData(true, 51)]
    [InlineData(true, 52)]
    [InlineData(false, 53)]
    public async Task Restore_ElsewhereAndTheSecondPartSentAgain_GivesWhatTheOracleCounts(bool isOnline, int seed)
    {
        await using StandalonePlace place = StandalonePlace.Make(null, "spool: {segment_bytes: 1048576}");
        IReadOnlyList<byte[]> uploads = await place.GenerateAsync("custom-rule-hits-api", (ulong)seed, 6_000);
        int half = uploads.Count / 2;
        place.Serve();
        foreach (byte[] upload in uploads.Take(half))
        {
            await place.SendAsync(upload);
        }

        await place.Service.UntilSaidAsync("The role process reads");
        if (!isOnline)
        {
            place.Service.Terminate();
            Assert.Equal(0, await place.Service.WaitAsync(s_limit));
        }

        Task<CommandResult> backingUp = ProgramProcess.RunAsync(place.Folder, "backup", "--out", "backup.tar", "--config", place.Config);
        int whileBackingUp = 0;
        for (; isOnline && !backingUp.IsCompleted && half + whileBackingUp < uploads.Count; whileBackingUp++)
        {
            await place.SendAsync(uploads[half + whileBackingUp]);
        }

        CommandResult backup = await backingUp;
        Assert.True(backup.ExitCode == 0, backup.Stderr);
        Assert.Contains(isOnline ? "of a running service" : "of a stopped service", backup.Stdout, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(place.Folder, "backup.tar.unfinished")));
        Assert.Empty(Directory.Exists(Path.Combine(place.Data, "engine/shadow"))
            ? Directory.GetDirectories(Path.Combine(place.Data, "engine/shadow"))
            : []);

        // What comes after the backup is not in it.
        if (isOnline)
        {
            foreach (byte[] upload in uploads.Skip(half))
            {
                await place.SendAsync(upload);
            }

            place.Service.Kill();
            await place.Service.WaitAsync(s_limit);
        }

        CommandResult restore = await ProgramProcess.RunAsync(place.Folder, "restore", "--from", "backup.tar", "--data", "elsewhere");
        Assert.True(restore.ExitCode == 0, restore.Stderr);
        Directory.Delete(place.Data, recursive: true);
        place.Serve(data: "elsewhere");
        foreach (byte[] upload in uploads.Skip(half - 5))
        {
            await place.SendAsync(upload);
        }

        await place.CloseAsync();
        await place.ExpectOracleAsync();
        Assert.Equal(0, await place.Queries.ScalarAsync<long>(
            "SELECT toInt64(countIf(gap_to > gap_from)) FROM cflogstream.progress FINAL", null, TestContext.Current.CancellationToken));
        TestContext.Current.TestOutputHelper?.WriteLine($"{backup.Stdout.Trim()} {whileBackingUp} uploads meanwhile, {uploads.Count} in all.");
    }

    [Fact]
    public async Task Backup_KilledInTheMiddle_LeavesTheFolderAndAnUnfinishedFile()
    {
        using var folder = new TemporaryFolder();
        string big = Folder(folder, "data");
        using (ProgramRun run = ProgramRun.Start(folder.Path, "backup", "--data", "data", "--out", "b.tar"))
        {
            await run.KillWhenAsync(() => File.Exists(folder.Combine("b.tar.unfinished")) && new FileInfo(folder.Combine("b.tar.unfinished")).Length > 1 << 20);
        }

        Assert.False(File.Exists(folder.Combine("b.tar")));
        Assert.Equal(BigBytes, new FileInfo(big).Length);
        CommandResult refused = await ProgramProcess.RunAsync(folder.Path, "restore", "--from", "b.tar.unfinished", "--data", "new");
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("b.tar.unfinished' cannot be used: ", refused.Stderr, StringComparison.Ordinal);

        CommandResult again = await ProgramProcess.RunAsync(folder.Path, "backup", "--data", "data", "--out", "b.tar");
        Assert.True(again.ExitCode == 0, again.Stderr);
        Assert.False(File.Exists(folder.Combine("b.tar.unfinished")));
    }

    [Fact]
    public async Task Restore_KilledInTheMiddle_IsRefusedByServeAndDoneByTheNextRestore()
    {
        using var folder = new TemporaryFolder();
        Folder(folder, "data");
        CommandResult backup = await ProgramProcess.RunAsync(folder.Path, "backup", "--data", "data", "--out", "b.tar");
        Assert.True(backup.ExitCode == 0, backup.Stderr);
        string begun = folder.Combine("new/restore.unfinished/engine/big.bin");
        using (ProgramRun run = ProgramRun.Start(folder.Path, "restore", "--from", "b.tar", "--data", "new"))
        {
            await run.KillWhenAsync(() => File.Exists(begun) && new FileInfo(begun).Length > 1 << 20);
        }

        CommandResult served = await ProgramProcess.RunAsync(folder.Path, "serve", "--data", "new");
        Assert.Equal(1, served.ExitCode);
        Assert.Contains("has a restore that was not finished ('restore.unfinished')", served.Stderr, StringComparison.Ordinal);

        CommandResult again = await ProgramProcess.RunAsync(folder.Path, "restore", "--from", "b.tar", "--data", "new");
        Assert.True(again.ExitCode == 0, again.Stderr);
        Assert.Equal(BigBytes, new FileInfo(folder.Combine("new/engine/big.bin")).Length);
        Assert.False(Directory.Exists(folder.Combine("new/restore.unfinished")));
    }

    private const long BigBytes = 1L << 30;

    /// <summary>A data folder with one file that takes a while; it has no bytes on disk.</summary>
    private static string Folder(TemporaryFolder folder, string name)
    {
        string path = folder.Combine(name + "/engine/big.bin");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using FileStream file = File.Create(path);
        file.SetLength(BigBytes);
        return path;
    }
}
