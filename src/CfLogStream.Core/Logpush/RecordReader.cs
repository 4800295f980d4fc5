namespace CfLogStream.Core.Logpush;

/// <summary>Reads one Logpush line into a <see cref="LogRecord"/>.</summary>
public sealed class RecordReader
{
    private readonly ReaderOptions _options;

    public RecordReader(ReaderOptions options)
    {
        _options = options;
    }

    /// <summary>Makes a record that fits this reader's extra fields.</summary>
    public LogRecord CreateRecord() => new(_options.ExtraFields.Count);

    /// <summary>Reads the line at <paramref name="start"/> (without its 0x0A) and says what it is.</summary>
    /// <param name="errorColumn">For a rejected line, the 0-based byte in the line where it went wrong.</param>
    public ReadStatus Read(byte[] buffer, int start, int length, LogRecord record, out int errorColumn)
    {
        throw new NotImplementedException();
    }
}
