using CfLogStream.Server.Receiving;
using CfLogStream.Server.Tests.Sources;

namespace CfLogStream.Server.Tests.Receiving;

public sealed class UploadBodyTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0, long.MaxValue, false)]
    [InlineData(1, long.MaxValue, false)]
    [InlineData(UploadBody.ChunkBytes - 1, long.MaxValue, false)]
    [InlineData(UploadBody.ChunkBytes, long.MaxValue, false)]
    [InlineData((3 * UploadBody.ChunkBytes) + 5, long.MaxValue, false)]
    [InlineData((3 * UploadBody.ChunkBytes) + 5, UploadBody.ChunkBytes, true)]
    [InlineData(UploadBody.ChunkBytes - 1, 0, false)]
    [InlineData(2 * UploadBody.ChunkBytes, 0, true)]
    [InlineData(UploadBody.MemoryBytes + (2 * UploadBody.ChunkBytes) + 77, long.MaxValue, true)]
    public async Task Body_OfAnyLength_IsReadAsItWasSentFromAnywhere(int length, long room, bool hasFile)
    {
        byte[] sent = new byte[length];
        new Random(length).NextBytes(sent);
        await using (var body = new UploadBody(new BodyRoom(room), _folder.Path))
        {
            await body.ReceiveAsync(new TrickleStream(sent, 70_001), TestContext.Current.CancellationToken);

            Assert.Equal(length, body.Length);
            Assert.Equal(hasFile, Directory.EnumerateFiles(_folder.Path, "*.tmp").Any());
            foreach (long from in (long[])[0, length / 2, Math.Max(0, length - 3), length])
            {
                body.Seek(from, SeekOrigin.Begin);
                using var rest = new MemoryStream();
                body.CopyTo(rest);
                Assert.True(sent.AsSpan((int)from).SequenceEqual(rest.ToArray()), $"from {from}");
            }
        }

        Assert.Empty(Directory.EnumerateFiles(_folder.Path));
    }

    [Fact]
    public async Task Room_WhenABodyIsGone_IsThatOfTheNext()
    {
        var room = new BodyRoom(2 * UploadBody.ChunkBytes);
        for (int i = 0; i < 10; i++)
        {
            await using var body = new UploadBody(room, _folder.Path);
            await body.ReceiveAsync(new MemoryStream(new byte[(3 * UploadBody.ChunkBytes) - 1]), TestContext.Current.CancellationToken);
            Assert.Empty(Directory.EnumerateFiles(_folder.Path));
        }

        Assert.True(room.TryTake(2 * UploadBody.ChunkBytes));
        Assert.False(room.TryTake(1));
    }

    [Fact]
    public async Task Body_WhoseSenderGoesAway_LeavesNothing()
    {
        var room = new BodyRoom(UploadBody.ChunkBytes);
        await using (var body = new UploadBody(room, _folder.Path))
        {
            await Assert.ThrowsAsync<IOException>(
                () => body.ReceiveAsync(new FailingStream(new byte[4 * UploadBody.ChunkBytes]), TestContext.Current.CancellationToken));
        }

        Assert.Empty(Directory.EnumerateFiles(_folder.Path));
        Assert.True(room.TryTake(UploadBody.ChunkBytes));
    }
}
