using System.Buffers;
using System.Text;
using System.Text.Unicode;
using CfLogStream.Core.Buffers;
using CfLogStream.Core.Logpush.Shapes;
using CfLogStream.Core.Logpush.Simd;

namespace CfLogStream.Core.Logpush;

/// <summary>Reads Logpush lines into a <see cref="LogRecord"/>.</summary>
/// <remarks>
/// Two ways. By its shape (<see cref="ShapeReader{T}"/>): a line that has the keys of a line before it, in the same order, is proven to be so
/// with one vector pass and one comparison per key. The general way is one pass over the line: each key is guessed from the one before
/// (<see cref="KeyTable"/>) and compared, each value is stepped over and checked (<see cref="JsonScanner"/>), and the slots of wanted
/// values are noted; before it, one vector pass looks for control characters, after it one checks the line as UTF-8. The general way is the
/// reference and alone says what is wrong with a line; of several faults the first in the line is reported. Nothing is copied or decoded.
/// Accepted is what <c>Utf8JsonReader</c> accepts with its defaults, if it is an object; beyond that: a byte order mark before it, lone
/// surrogate escapes, duplicate keys (the last wins). Refused beyond that: bytes that are not UTF-8.
/// The dataset follows from the keys (<see cref="DatasetEvidence"/>). The time is EdgeStartTimestamp, or EdgeEndTimestamp where the
/// first is missing or unusable; Datetime; When; ActionTimestamp. A RayID that is missing, empty or all zeros is none.
/// One thread owns an instance; it allocates only while it meets new keys and shapes.
/// </remarks>
public sealed class RecordReader
{
    private const int MaxExtraFields = 32;
    private const int MaxEscapedKeyBytes = 512;

    private readonly ReaderOptions _options;
    private readonly KeyTable _keys;
    private readonly ulong[] _objectAtDepth;
    private readonly FieldSlot[] _aside = new FieldSlot[(int)AsideField.Count];
    private readonly byte[] _keyScratch = new byte[MaxEscapedKeyBytes];
    private readonly IShapeReader? _shapeReader;
    private readonly ShapeSet _shapes;
    private PaddedBuffer _copy = new(0);
    private bool _hasAside;

    /// <summary>Makes a reader of the width that this process uses.</summary>
    /// <exception cref="ArgumentException">A limit is not positive, or the extra fields are more than 32, empty or repeated.</exception>
    public RecordReader(ReaderOptions options)
        : this(options, SimdSelection.Selected)
    {
    }

    /// <summary>Makes a reader of a certain width.</summary>
    /// <exception cref="ArgumentException">A limit is not positive, or the extra fields are more than 32, empty or repeated.</exception>
    public RecordReader(ReaderOptions options, SimdWidth width)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.MaxLineBytes);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.MaxDepth);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.ExtraFields.Count, MaxExtraFields);
        if (options.ExtraFields.Any(string.IsNullOrEmpty) || options.ExtraFields.Distinct().Count() < options.ExtraFields.Count)
        {
            throw new ArgumentException("Extra fields must have a name and be named once.", nameof(options));
        }

        _options = options;
        _keys = new KeyTable([.. options.ExtraFields.Select(Encoding.UTF8.GetBytes)]);
        _objectAtDepth = new ulong[(options.MaxDepth / 64) + 1];
        _shapes = new ShapeSet(_keys, options.ExtraFields.Count);

        // With a limit of one level there is nothing nested to be read by shape; so small a limit is for tests.
        _shapeReader = options.MaxDepth < 2 ? null : width switch
        {
            SimdWidth.Vector128 => new ShapeReader<ByteBlock128>(options.MaxDepth),
            SimdWidth.Vector256 => new ShapeReader<ByteBlock256>(options.MaxDepth),
            SimdWidth.Vector512 => new ShapeReader<ByteBlock512>(options.MaxDepth),
            _ => null,
        };
    }

    /// <summary>Makes a record that fits this reader's extra fields.</summary>
    public LogRecord CreateRecord() => new(_options.ExtraFields.Count);

    /// <summary>Reads the next line of a buffer and moves behind it; false at the end of the buffer's content.</summary>
    /// <param name="position">Where the line begins in the buffer's bytes; at first, <see cref="PaddedBuffer.Padding"/>.</param>
    /// <param name="line">The line without its 0x0A and without the brackets and commas of a JSON array around it
    /// (<see cref="ArrayFraming"/>).</param>
    /// <param name="status">What the line is.</param>
    /// <param name="errorColumn">For a rejected line, the 0-based byte in the line where it went wrong.</param>
    public bool TryReadNext(
        PaddedBuffer buffer, ref int position, LogRecord record, out LineSpan line, out ReadStatus status, out int errorColumn)
    {
        byte[] bytes = buffer.Bytes;
        int start = position;
        if (start >= buffer.ContentEnd)
        {
            line = default;
            status = ReadStatus.Blank;
            errorColumn = 0;
            return false;
        }

        int end = _shapeReader is null
            ? start + bytes.AsSpan(start, buffer.ContentEnd + 1 - start).IndexOf((byte)'\n')
            : _shapeReader.Index(bytes, start);
        position = end + 1;
        line = new LineSpan(start, end - start);
        if (!TryReadByShape(bytes, line, record, out status, out errorColumn))
        {
            line = ArrayFraming.Strip(bytes, line);
            status = ReadGenerally(bytes, line.Start, line.Length, record, out errorColumn);
        }

        return true;
    }

    /// <summary>Reads one line (without its 0x0A) and says what it is.</summary>
    /// <param name="errorColumn">For a rejected line, the 0-based byte in the line where it went wrong.</param>
    /// <remarks>The record's dataset is set whenever it was recognised, also when the RayID or the time is missing. The line is copied, because
    /// it does not stand in a <see cref="PaddedBuffer"/>.</remarks>
    public ReadStatus Read(byte[] buffer, int start, int length, LogRecord record, out int errorColumn)
    {
        if (_shapeReader is null || length > _options.MaxLineBytes)
        {
            return ReadGenerally(buffer, start, length, record, out errorColumn);
        }

        if (_copy.Capacity < length)
        {
            _copy = new PaddedBuffer(Math.Max(length, Math.Min(_options.MaxLineBytes, 2 * _copy.Capacity)));
        }

        buffer.AsSpan(start, length).CopyTo(_copy.Room);
        _copy.End(length);
        var line = new LineSpan(PaddedBuffer.Padding, length);
        return _shapeReader.Index(_copy.Bytes, line.Start) == _copy.ContentEnd
            && TryReadByShape(_copy.Bytes, line, record, out ReadStatus status, out errorColumn)
            ? status
            : ReadGenerally(_copy.Bytes, line.Start, length, record, out errorColumn);
    }

    /// <summary>Reads the line that was indexed last by the shapes known.</summary>
    private bool TryReadByShape(byte[] bytes, LineSpan line, LogRecord record, out ReadStatus status, out int errorColumn)
    {
        status = ReadStatus.Record;
        errorColumn = 0;
        if (_shapeReader is null || line.Length > _options.MaxLineBytes || line.Length == 0)
        {
            return false;
        }

        ReadOnlySpan<RecordShape> shapes = _shapes.Shapes;
        for (int i = 0; i < shapes.Length; i++)
        {
            if (_shapeReader.TryRead(bytes, line.Start, shapes[i], record, out NestedMiss miss))
            {
                _shapes.Met(i);
                if (miss.Shapes is { } nested)
                {
                    _shapes.LearnNested(nested, bytes.AsSpan(miss.Start));
                }

                status = Judge(record, out errorColumn);
                return true;
            }
        }

        return false;
    }

    private ReadStatus ReadGenerally(byte[] buffer, int start, int length, LogRecord record, out int errorColumn)
    {
        record.Reset(buffer, start, length);
        errorColumn = 0;
        if (length > _options.MaxLineBytes)
        {
            errorColumn = _options.MaxLineBytes;
            return ReadStatus.LineTooLong;
        }

        ReadOnlySpan<byte> line = buffer.AsSpan(start, length).TrimEnd(" \t\r\n"u8);
        int first = line.StartsWith("\uFEFF"u8) ? 3 : 0;
        while (first < line.Length && line[first] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
        {
            first++;
        }

        if (first == line.Length)
        {
            return ReadStatus.Blank;
        }

        if (line[first] != (byte)'{')
        {
            errorColumn = first;
            ReadStatus bare = BareLine.Recognise(line[first..]);
            return bare == ReadStatus.BadJson && FindBadUtf8(line) <= first ? ReadStatus.BadUtf8 : bare;
        }

        var scanner = new JsonScanner(line, _objectAtDepth, _options.MaxDepth);
        if (_hasAside)
        {
            _aside.AsSpan().Clear();
            _hasAside = false;
        }

        int keys = ReadMembers(ref scanner, line, start, first, record, out DatasetEvidence evidence);
        if (keys < 0)
        {
            int badUtf8 = FindBadUtf8(line);
            bool isBadUtf8 = badUtf8 <= scanner.Column && !(scanner.Status == ReadStatus.CutLine && IsCutSequence(line[badUtf8..]));
            errorColumn = isBadUtf8 ? badUtf8 : scanner.Column;
            return isBadUtf8 ? ReadStatus.BadUtf8 : scanner.Status;
        }

        if (!Utf8.IsValid(line))
        {
            errorColumn = FindBadUtf8(line);
            return ReadStatus.BadUtf8;
        }

        if (keys == 0)
        {
            return ReadStatus.EmptyObject;
        }

        if (_shapeReader is not null && first == 0)
        {
            _shapes.Learn(line);
        }

        return Finish(record, keys, evidence, out errorColumn);
    }

    /// <summary>Reads the object that begins at <paramref name="i"/>; returns how many members it has, or -1 when the scanner
    /// failed.</summary>
    private int ReadMembers(
        ref JsonScanner scanner, ReadOnlySpan<byte> line, int lineStart, int i, LogRecord record, out DatasetEvidence evidence)
    {
        evidence = DatasetEvidence.None;
        int keys = 0;
        int node = KeyTable.Root;
        i = scanner.SkipWhiteSpace(i + 1);
        if (i < line.Length && line[i] == (byte)'}')
        {
            return ReadEnd(ref scanner, line, i + 1, keys);
        }

        while (true)
        {
            if (_keys.TryGuess(line, ref i, ref node))
            {
                if ((uint)i < (uint)line.Length && line[i] <= (byte)' ')
                {
                    i = scanner.SkipWhiteSpace(i);
                }
            }
            else
            {
                i = ReadKey(ref scanner, line, i, ref node);
                if (i < 0)
                {
                    return -1;
                }
            }

            int end = scanner.SkipValue(i, out FieldKind kind);
            if (end < 0)
            {
                return -1;
            }

            keys++;
            KeyMeaning meaning = _keys.Meaning(node);
            evidence |= meaning.Evidence;
            if (meaning.IsWanted)
            {
                int quotes = kind is FieldKind.Text or FieldKind.EscapedText ? 1 : 0;
                Keep(meaning, new FieldSlot(lineStart + i + quotes, end - i - (2 * quotes), kind), record);
            }

            i = end;
            if ((uint)i < (uint)line.Length && line[i] <= (byte)' ')
            {
                i = scanner.SkipWhiteSpace(i);
            }

            byte next = (uint)i < (uint)line.Length ? line[i] : (byte)0;
            if (next == (byte)',')
            {
                i++;
                if ((uint)i < (uint)line.Length && line[i] <= (byte)' ')
                {
                    i = scanner.SkipWhiteSpace(i);
                }
            }
            else
            {
                return next == (byte)'}' ? ReadEnd(ref scanner, line, i + 1, keys) : scanner.FailAt(i);
            }
        }
    }

    private static int ReadEnd(ref JsonScanner scanner, ReadOnlySpan<byte> line, int i, int keys) =>
        i == line.Length ? keys : scanner.Fail(ReadStatus.BadJson, scanner.SkipWhiteSpace(i));

    private int ReadKey(ref JsonScanner scanner, ReadOnlySpan<byte> line, int i, ref int node)
    {
        if (i >= line.Length || line[i] != (byte)'"')
        {
            return scanner.FailAt(i);
        }

        int quote = scanner.StringEnd(i + 1, out bool escaped);
        if (quote < 0)
        {
            return -1;
        }

        ReadOnlySpan<byte> key = line[(i + 1)..quote];
        if (escaped && key.Length <= _keyScratch.Length)
        {
            key = _keyScratch.AsSpan(0, JsonText.Unescape(key, _keyScratch));
        }

        int found = _keys.Find(key, learn: !escaped);
        _keys.Follow(node, found);
        node = found;
        return scanner.SkipColon(quote + 1);
    }

    private void Keep(KeyMeaning meaning, FieldSlot slot, LogRecord record)
    {
        if (meaning.Field >= 0)
        {
            record.Set((LogField)meaning.Field, slot);
        }

        if (meaning.Extra >= 0)
        {
            record.SetExtra(meaning.Extra, slot);
        }

        if (meaning.Aside >= 0)
        {
            _aside[meaning.Aside] = slot;
            _hasAside = true;
        }
    }

    /// <summary>Says what a well-formed object is.</summary>
    private ReadStatus Finish(LogRecord record, int keys, DatasetEvidence evidence, out int errorColumn)
    {
        errorColumn = 0;
        if (_hasAside)
        {
            if (keys == 1 && IsValidation(_aside[(int)AsideField.Content], record))
            {
                return ReadStatus.Validation;
            }

            OldNames.Apply(_aside, record);
        }

        record.Dataset = DatasetRecognition.From(evidence);
        return Judge(record, out errorColumn);
    }

    /// <summary>Says whether a record of a dataset has what every record needs.</summary>
    private static ReadStatus Judge(LogRecord record, out int errorColumn)
    {
        errorColumn = 0;
        LogField timeField;
        switch (record.Dataset)
        {
            case Dataset.HttpRequests:
                timeField = TryTime(record, LogField.EdgeStartTimestamp) ? LogField.EdgeStartTimestamp : LogField.EdgeEndTimestamp;
                break;
            case Dataset.FirewallEvents:
                timeField = LogField.Datetime;
                break;
            case Dataset.AuditLogs:
                timeField = LogField.When;
                break;
            case Dataset.AuditLogsV2:
                timeField = LogField.ActionTimestamp;
                break;
            default:
                return ReadStatus.UnknownDataset;
        }

        bool hasTime = TryTime(record, timeField);
        if (record.Dataset is Dataset.HttpRequests or Dataset.FirewallEvents && !HasRay(record))
        {
            errorColumn = record.ColumnOf(LogField.RayID);
            return ReadStatus.NoRayId;
        }

        if (!hasTime)
        {
            bool hasStart = record.Dataset == Dataset.HttpRequests && record.Has(LogField.EdgeStartTimestamp);
            errorColumn = record.ColumnOf(hasStart ? LogField.EdgeStartTimestamp : timeField);
            return ReadStatus.NoTime;
        }

        return ReadStatus.Record;
    }

    private static bool TryTime(LogRecord record, LogField field)
    {
        if (!record.IsScalar(field) || !Timestamp.TryParse(record.Text(field), out long ns))
        {
            return false;
        }

        record.TimeNs = ns;
        return true;
    }

    private static bool HasRay(LogRecord record) =>
        record.IsScalar(LogField.RayID) && record.Text(LogField.RayID).ContainsAnyExcept((byte)'0');

    private static bool IsValidation(FieldSlot slot, LogRecord record)
    {
        ReadOnlySpan<byte> text = slot.Kind == FieldKind.Text ? record.Raw(slot.Start, slot.Length) : default;
        return text.SequenceEqual("test"u8) || text.SequenceEqual("tests"u8);
    }

    /// <summary>Returns the first byte that is not UTF-8; the length when all are.</summary>
    private static int FindBadUtf8(ReadOnlySpan<byte> line)
    {
        int i = line.IndexOfAnyInRange((byte)0x80, (byte)0xFF);
        if (i < 0)
        {
            return line.Length;
        }

        while (i < line.Length && Rune.DecodeFromUtf8(line[i..], out _, out int consumed) == OperationStatus.Done)
        {
            i += consumed;
        }

        return i;
    }

    /// <summary>Whether these bytes are the beginning of one UTF-8 sequence: a line cut inside a character.</summary>
    private static bool IsCutSequence(ReadOnlySpan<byte> rest) =>
        Rune.DecodeFromUtf8(rest, out _, out _) == OperationStatus.NeedMoreData;
}
