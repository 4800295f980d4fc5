namespace CfLogStream.Server.Sources;

/// <summary>Reads the content of a log file, plain or gzip: which of them, its first bytes say and not its name.</summary>
internal sealed class LogContent : IDisposable
{
    // Other forms that a log may have been packed in; better named than reported as thousands of bad lines.
    private static readonly (byte[] Magic, string Name, string Advice)[] s_otherForms =
    [
        ([0x28, 0xB5, 0x2F, 0xFD], "zstd data", "unpack it with 'zstd -d'"),
        ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00], "xz data", "unpack it with 'xz -d'"),
        ("BZh"u8.ToArray(), "bzip2 data", "unpack it with 'bzip2 -d'"),
        ([0x50, 0x4B, 0x03, 0x04], "a zip archive", "unpack it with 'unzip'"),
        ("PAR1"u8.ToArray(), "a Parquet file", "only NDJSON is read"),
        ([0xFF, 0xFE], "UTF-16 text", "convert it to UTF-8"),
        ([0xFE, 0xFF], "UTF-16 text", "convert it to UTF-8"),
    ];

    private readonly Stream _file;
    private readonly CompressedInput _input;
    private readonly GzipMembers? _members;
    private readonly string _source;
    private readonly bool _leaveOpen;
    private SourceError? _error;

    /// <param name="file">The bytes as stored; disposed with this.</param>
    /// <param name="source">The name for messages.</param>
    /// <param name="leaveOpen">Does not dispose the file.</param>
    public LogContent(Stream file, string source, bool leaveOpen = false)
    {
        _leaveOpen = leaveOpen;
        _file = file;
        _source = source;
        _input = new CompressedInput(file);
        ReadOnlySpan<byte> first = _input.Peek(6);
        if (first is [0x1F, 0x8B, ..])
        {
            _members = new GzipMembers(_input, source);
            return;
        }

        foreach ((byte[] magic, string name, string advice) in s_otherForms)
        {
            if (first.StartsWith(magic))
            {
                _error = new SourceError(source, 0, $"found {name} and neither gzip nor text", advice);
            }
        }
    }

    /// <summary>Why reading ended before the file did.</summary>
    public SourceError? Error => _error ?? _members?.Error;

    /// <summary>How far the stored bytes have been read.</summary>
    public long Offset => _input.Offset;

    /// <summary>Reads bytes of the content; 0 at its end or when it cannot be read further.</summary>
    public int Read(Span<byte> destination)
    {
        if (_members is not null)
        {
            return _members.Read(destination);
        }

        if (_error is not null)
        {
            return 0;
        }

        int count = _input.ReadPlain(destination);
        if (count == 0 && _input.Failure is { } failure)
        {
            _error = new SourceError(_source, _input.Offset, $"the system said '{failure.Message}'", "check the disk and the permissions");
        }

        return count;
    }

    public void Dispose()
    {
        _members?.Dispose();
        _input.Dispose();
        if (!_leaveOpen)
        {
            _file.Dispose();
        }
    }
}
