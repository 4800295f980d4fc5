using System.Text;
using CfLogStream.Server.Collecting;
using CfLogStream.Server.Tests.Sources;
using Microsoft.Extensions.Time.Testing;

namespace CfLogStream.Server.Tests.Collecting;

public sealed class FolderPlaceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task List_AFileThatGrows_IsShownWhenItHasNotChangedForAWhile()
    {
        using FolderPlace place = Place(10);
        _folder.Write("a.gz", "one");
        Assert.Empty(await KeysAsync(place));
        _time.Advance(TimeSpan.FromSeconds(9));
        _folder.Write("a.gz", "one and two");
        Assert.Empty(await KeysAsync(place));
        _time.Advance(TimeSpan.FromSeconds(9));
        Assert.Empty(await KeysAsync(place));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(["a.gz"], await KeysAsync(place));
    }

    [Fact]
    public async Task List_MovedInWhole_IsShownAtOnceWhateverItsTime()
    {
        using FolderPlace place = Place(0);
        File.SetLastWriteTimeUtc(_folder.Write("sub/old.gz"), new DateTime(1950, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        File.SetLastWriteTimeUtc(_folder.Write("new.gz"), new DateTime(2400, 1, 1, 0, 0, 0, DateTimeKind.Utc));

        List<ObjectEntry> entries = await ListAsync(place);

        Assert.Equal(["new.gz", "sub/old.gz"], entries.Select(entry => entry.Key).Order(StringComparer.Ordinal));
        Assert.All(entries, entry => Assert.True(entry.ModifiedNs >= 0));
    }

    [Fact]
    public async Task List_WhatIsNoFinishedFileOfTheFolder_IsNotShown()
    {
        using var outside = new TemporaryFolder();
        using FolderPlace place = Place(0);
        _folder.Write("a.gz.tmp");
        _folder.Write("b.part");
        _folder.Write(".hidden.gz");
        _folder.Write("c.txt");
        File.CreateSymbolicLink(_folder["link.gz"], outside.Write("secret.gz"));
        Directory.CreateSymbolicLink(_folder["folder"], outside.Path);
        _folder.Write("d.gz");

        Assert.Equal(["d.gz"], await KeysAsync(place));
    }

    [Fact]
    public async Task Copy_AFileThatHasChanged_IsGoneAsItWas()
    {
        using FolderPlace place = Place(0);
        _folder.Write("a.gz", "one");
        ObjectEntry entry = Assert.Single(await ListAsync(place));
        using var content = new MemoryStream();
        await place.CopyAsync(entry, content, TestContext.Current.CancellationToken);
        Assert.Equal("one", Encoding.UTF8.GetString(content.ToArray()));

        _folder.Write("a.gz", "one and two");
        PlaceException changed = await Assert.ThrowsAsync<PlaceException>(() => place.CopyAsync(entry, Stream.Null, TestContext.Current.CancellationToken));
        File.Delete(_folder["a.gz"]);
        PlaceException deleted = await Assert.ThrowsAsync<PlaceException>(() => place.CopyAsync(entry, Stream.Null, TestContext.Current.CancellationToken));

        Assert.Equal((PlaceFailure.Gone, PlaceFailure.Gone), (changed.Failure, deleted.Failure));
    }

    [Fact]
    public async Task List_NoFolder_SaysSo()
    {
        using var place = new FolderPlace(_folder["missing"], "*", TimeSpan.Zero, _time);

        PlaceException problem = await Assert.ThrowsAsync<PlaceException>(() => ListAsync(place));

        Assert.Equal($"There is no folder '{_folder["missing"]}'.", problem.Message);
    }

    private static async Task<List<ObjectEntry>> ListAsync(FolderPlace place)
    {
        var entries = new List<ObjectEntry>();
        await foreach (ObjectEntry entry in place.ListAsync(default, default, TestContext.Current.CancellationToken))
        {
            entries.Add(entry);
        }

        return entries;
    }

    private static async Task<IEnumerable<string>> KeysAsync(FolderPlace place) => (await ListAsync(place)).Select(entry => entry.Key);

    private FolderPlace Place(int settleSecs) => new(_folder.Path, "*.gz", TimeSpan.FromSeconds(settleSecs), _time);
}
