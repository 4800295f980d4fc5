using System.IO.Compression;
using System.Threading.Channels;

namespace CfLogStream.Generator.Uploads;

/// <summary>Compresses and stores batches on a task of its own, while the next records are made.</summary>
/// <remarks>
/// The generating side only collects blocks; <see cref="FlushAsync"/> hands them over through a bounded channel and waits when the writer
/// is behind.
/// Lines of all batches follow each other in blocks; a command says which part of a block belongs to which batch. Blocks go back to the
/// generating side through a second channel, so their number is fixed in the steady state.
/// </remarks>
internal sealed class UploadWriter : IBatchWriter, IAsyncDisposable
{
    private const int BlockBytes = 1 << 20;
    private const int QueuedCommands = 8;

    private readonly IUploadTarget _target;
    private readonly bool _compress;
    private readonly CompressionLevel _level;
    private readonly List<Command> _pending = [];
    private readonly Channel<Command> _commands =
        Channel.CreateBounded<Command>(new BoundedChannelOptions(QueuedCommands) { SingleReader = true, SingleWriter = true });

    private readonly Channel<byte[]> _free =
        Channel.CreateUnbounded<byte[]>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });

    private readonly Task _writing;

    // Generating side only: the block that is being filled. Parts of it may already be with the writer; it gets the block back with the
    // last part.
    private byte[] _block = [];
    private int _used = BlockBytes;
    private long _storedBytes;

    public UploadWriter(IUploadTarget target, bool compress, CompressionLevel level)
    {
        _target = target;
        _compress = compress;
        _level = level;
        _writing = Task.Run(WriteAllAsync);
    }

    private enum Kind
    {
        Open,
        Data,
        Close,
    }

    public long StoredBytes => Interlocked.Read(ref _storedBytes);

    public void Open(Batch batch) => _pending.Add(new Command(Kind.Open, batch, [], 0, 0));

    public void Write(Batch batch, ReadOnlySpan<byte> lines)
    {
        while (lines.Length > 0)
        {
            if (_used == BlockBytes)
            {
                _block = _free.Reader.TryRead(out byte[]? block) ? block : new byte[BlockBytes];
                _used = 0;
            }

            int count = Math.Min(lines.Length, BlockBytes - _used);
            lines[..count].CopyTo(_block.AsSpan(_used));
            Command last = _pending.Count > 0 ? _pending[^1] : default;
            if (last.Kind == Kind.Data && last.Batch == batch && last.Block == _block)
            {
                _pending[^1] = last with { Length = last.Length + count };
            }
            else
            {
                _pending.Add(new Command(Kind.Data, batch, _block, _used, count));
            }

            _used += count;
            lines = lines[count..];
        }
    }

    public void Close(Batch batch) => _pending.Add(new Command(Kind.Close, batch, [], 0, 0));

    /// <summary>Hands over what was collected; waits while the writer is behind.</summary>
    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        foreach (Command command in _pending)
        {
            while (!_commands.Writer.TryWrite(command))
            {
                if (!await _commands.Writer.WaitToWriteAsync(cancellationToken).ConfigureAwait(false))
                {
                    // The writing side has failed; its error says why.
                    await _writing.ConfigureAwait(false);
                }
            }
        }

        _pending.Clear();
    }

    /// <summary>Waits until everything is stored.</summary>
    public async Task CompleteAsync(CancellationToken cancellationToken)
    {
        await FlushAsync(cancellationToken).ConfigureAwait(false);
        _commands.Writer.TryComplete();
        await _writing.ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        _commands.Writer.TryComplete();
        await _writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task WriteAllAsync()
    {
        var open = new Dictionary<Batch, (Stream Body, Stream Target)>();
        try
        {
            await foreach (Command command in _commands.Reader.ReadAllAsync().ConfigureAwait(false))
            {
                await WriteAsync(command, open).ConfigureAwait(false);
            }
        }
        catch (Exception error)
        {
            _commands.Writer.TryComplete(error);
            throw;
        }
        finally
        {
            foreach ((Stream body, Stream target) in open.Values)
            {
                await body.DisposeAsync().ConfigureAwait(false);
                await target.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    private async ValueTask WriteAsync(Command command, Dictionary<Batch, (Stream Body, Stream Target)> open)
    {
        switch (command.Kind)
        {
            case Kind.Open:
                Stream target = _target.Begin();
                open.Add(command.Batch, (_compress ? new GZipStream(target, _level, leaveOpen: true) : target, target));
                break;
            case Kind.Data:
                await open[command.Batch].Body.WriteAsync(command.Block.AsMemory(command.Offset, command.Length)).ConfigureAwait(false);
                if (command.Offset + command.Length == BlockBytes)
                {
                    _free.Writer.TryWrite(command.Block);
                }

                break;
            default:
                open.Remove(command.Batch, out (Stream Body, Stream Target) upload);
                await upload.Body.DisposeAsync().ConfigureAwait(false);
                if (upload.Target.CanWrite)
                {
                    Interlocked.Add(ref _storedBytes, upload.Target.Position);
                    await upload.Target.DisposeAsync().ConfigureAwait(false);
                }
                else
                {
                    Interlocked.Add(ref _storedBytes, command.Batch.Bytes);
                }

                Name(command.Batch, upload.Target);
                break;
        }
    }

    private void Name(Batch batch, Stream target)
    {
        _target.Complete(target, batch.Name, DateTimeOffset.FromUnixTimeMilliseconds(batch.DeliveredMs));
        if (batch.AgainName.Length != 0)
        {
            _target.Repeat(batch.Name, batch.AgainName, DateTimeOffset.FromUnixTimeMilliseconds(batch.AgainDeliveredMs));
        }
    }

    private readonly record struct Command(Kind Kind, Batch Batch, byte[] Block, int Offset, int Length);
}
