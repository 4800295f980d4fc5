using System.Collections.Concurrent;
using System.IO.Hashing;
using System.Text;
using CfLogStream.Core.Logpush;
using CfLogStream.Kafka.Slices;
using CfLogStream.Server.Receiving;
using CfLogStream.Server.Sources;

namespace CfLogStream.Server.Collecting;

/// <summary>Fetches objects of a place and makes slices of them. Any thread.</summary>
/// <remarks>
/// An object is fetched whole before it is read: small ones into memory, others into a file that has no name of theirs and is gone with
/// its handle. What is in it is treated as an upload is; what is too large for one becomes a dead letter, since nobody could send it in parts.
/// </remarks>
internal sealed class ObjectReader
{
    private const int MemoryBytes = 4 * 1024 * 1024;
    private const int NameLength = 200;

    private readonly CollectorOptions _options;
    private readonly IObjectPlace _place;
    private readonly int _partitions;
    private readonly LineBatchPool _pool;
    private readonly TimeProvider _time;
    private readonly ConcurrentBag<UploadSlicer> _slicers = [];

    public ObjectReader(CollectorOptions options, IObjectPlace place, int partitions, LineBatchPool pool, TimeProvider time)
    {
        _options = options;
        _place = place;
        _partitions = partitions;
        _pool = pool;
        _time = time;
    }

    /// <summary>Fetches and slices an object; what goes wrong outside is in the result.</summary>
    public async Task<PreparedObject> PrepareAsync(ObjectEntry entry, CancellationToken ct)
    {
        if (entry.Length > _options.Uploads.BodyBytes)
        {
            return SetAside(entry, [], $"the object has {entry.Length} bytes; at most {_options.Uploads.BodyBytes} are taken (receiver.body_bytes)");
        }

        Stream? body = null;
        try
        {
            body = OpenBuffer(entry.Length);
            await _place.CopyAsync(entry, body, ct).ConfigureAwait(false);
            body.Position = 0;
            PreparedObject prepared = Slice(entry, body);
            body = null;
            return prepared;
        }
        catch (PlaceException problem)
        {
            return new PreparedObject(entry, problem);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return new PreparedObject(entry, new PlaceException(PlaceFailure.Transient, problem.Message, problem));
        }
        finally
        {
            if (body is not null)
            {
                await body.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    /// <summary>Makes a dead letter of an object as a whole.</summary>
    public PreparedObject SetAside(ObjectEntry entry, byte[] firstBytes, string reason)
    {
        string source = SourceOf(entry);
        var slicer = new BatchSlicer(_options.Uploads.Reader, _partitions, _options.Uploads.Slicer);
        slicer.Begin(new BatchSource(source, NowNs(), 0));

        // Why it is there is all there is to be seen of an object that could not be read.
        byte[] shown = firstBytes.Length > 0 ? firstBytes : Encoding.UTF8.GetBytes(reason);
        byte[] kept = shown[..Math.Min(shown.Length, _options.Uploads.Reader.DeadLetterBytes)];
        ulong hash = XxHash64.HashToUInt64(Encoding.UTF8.GetBytes($"{source}\n{entry.Key}\n{entry.Tag}"));
        slicer.AddDeadLetter(
            new DeadLetter
            {
                Reason = ReadStatus.CutLine,
                Source = source,
                FirstBytes = kept,
                ContentHash = hash,
                Length = entry.Length,
            },
            0);
        slicer.Identify(Math.Max(hash, 1));
        return new PreparedObject(entry, slicer.Counts, [slicer.End()], isEmpty: false, null);
    }

    /// <summary>Slices a body; the result has it then.</summary>
    private PreparedObject Slice(ObjectEntry entry, Stream body)
    {
        if (!_slicers.TryTake(out UploadSlicer? slicer))
        {
            slicer = new UploadSlicer(_options.Uploads, _partitions, _pool);
        }

        byte[] first = new byte[(int)Math.Min(body.Length, _options.Uploads.Reader.DeadLetterBytes)];
        body.ReadExactly(first);
        body.Position = 0;
        switch (slicer.Read(body, SourceOf(entry), NowNs()))
        {
            case UploadStatus.TooLarge:
                string refusal = slicer.Refusal;
                _slicers.Add(slicer);
                body.Dispose();
                return SetAside(entry, first, refusal);
            case UploadStatus.Test:
                return new PreparedObject(entry, slicer.Counts, [], isEmpty: true, ReleaseAsync);
            case UploadStatus.LargeBatch:
                return new PreparedObject(entry, slicer.Counts, slicer.ReadPieces(body), isEmpty: false, ReleaseAsync);
            default:
                return new PreparedObject(entry, slicer.Counts, [slicer.Slices], isEmpty: false, ReleaseAsync);
        }

        ValueTask ReleaseAsync()
        {
            _slicers.Add(slicer);
            return body.DisposeAsync();
        }
    }

    private Stream OpenBuffer(long length) => length <= MemoryBytes
        ? new MemoryStream((int)length)
        : new FileStream(Path.Combine(_options.Folder, $"{Guid.NewGuid():N}.tmp"), new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            Options = FileOptions.DeleteOnClose | FileOptions.SequentialScan,
        });

    private string SourceOf(in ObjectEntry entry)
    {
        string name = $"{_options.Name}/{entry.Key}";
        return name.Length > NameLength ? name[..NameLength] : name;
    }

    private long NowNs() => (_time.GetUtcNow().UtcTicks - DateTime.UnixEpoch.Ticks) * 100;
}
