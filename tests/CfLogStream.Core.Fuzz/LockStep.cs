using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using CfLogStream.Core.Buffers;
using CfLogStream.Core.Logpush;
using CfLogStream.Core.Logpush.Simd;

namespace CfLogStream.Core.Fuzz;

/// <summary>Reads buffers line by line with the scalar reference and with a reader of every width, and compares what they say.</summary>
/// <remarks>Readers keep what they have learnt from one buffer to the next. Whether a line is well-formed is held against
/// <see cref="Utf8JsonReader"/>, with the differences that <see cref="RecordReader"/> documents.</remarks>
internal sealed class LockStep
{
    private readonly ReaderOptions _options;
    private readonly RecordReader _scalar;
    private readonly LogRecord _expected;
    private readonly FieldKind[] _expectedKinds = new FieldKind[(int)LogField.Count];
    private readonly Lane[] _lanes;

    /// <summary>Makes a reader of each of some widths.</summary>
    public LockStep(ReaderOptions options, IEnumerable<SimdWidth> widths)
    {
        _options = options;
        _scalar = new RecordReader(options, SimdWidth.Scalar);
        _expected = _scalar.CreateRecord();
        _lanes = [.. widths.Select(width => new Lane(width, new RecordReader(options, width)))];
    }

    /// <summary>The readers that are compared with the reference.</summary>
    public IEnumerable<RecordReader> Readers => _lanes.Select(lane => lane.Reader);

    /// <summary>The records that those readers fill.</summary>
    public IEnumerable<LogRecord> Records => _lanes.Select(lane => lane.Record);

    /// <summary>Reads a buffer from its beginning to its end; returns the first difference, or null.</summary>
    public string? FindDifference(PaddedBuffer buffer)
    {
        int position = PaddedBuffer.Padding;
        foreach (Lane lane in _lanes)
        {
            lane.Position = position;
        }

        while (true)
        {
            int start = position;
            bool more = _scalar.TryReadNext(buffer, ref position, _expected, out LineSpan line, out ReadStatus status, out int column);
            if (more && FindBadJudgement(buffer.Bytes.AsSpan(line.Start, line.Length), status, column) is { } judgement)
            {
                return Describe("scalar", judgement, buffer, line);
            }

            for (LogField field = 0; field < LogField.Count; field++)
            {
                _expectedKinds[(int)field] = _expected.KindOf(field);
            }

            foreach (Lane lane in _lanes)
            {
                bool moreHere = lane.Reader.TryReadNext(
                    buffer, ref lane.Position, lane.Record, out LineSpan lineHere, out ReadStatus statusHere, out int columnHere);
                string? difference =
                    more != moreHere || position != lane.Position || line != lineHere
                        ? $"{line} (next {position}) became {lineHere} (next {lane.Position})"
                    : status != statusHere || column != columnHere ? $"{status} at {column} became {statusHere} at {columnHere}"
                    : more ? ReadingDifference.Find(_expected, _expectedKinds, lane.Record, _options.ExtraFields.Count)
                    : null;
                if (difference is not null)
                {
                    return Describe(SimdSelection.Name(lane.Width), difference, buffer, line with { Start = start });
                }
            }

            if (!more)
            {
                return null;
            }
        }
    }

    /// <summary>Holds a status against Utf8JsonReader.</summary>
    private string? FindBadJudgement(ReadOnlySpan<byte> line, ReadStatus status, int column)
    {
        if (column < 0 || column > Math.Max(line.Length, _options.MaxLineBytes))
        {
            return $"column {column} is outside the line";
        }

        if (line.Length > _options.MaxLineBytes)
        {
            return status == ReadStatus.LineTooLong ? null : $"{status} for a line that is too long";
        }

        ReadOnlySpan<byte> text = line.StartsWith("\uFEFF"u8) ? line[3..] : line;
        text = text.Trim(" \t\r\n"u8);
        bool isObject = status is ReadStatus.Record or ReadStatus.NoTime or ReadStatus.NoRayId or ReadStatus.UnknownDataset
            or ReadStatus.EmptyObject || (status == ReadStatus.Validation && text.StartsWith("{"u8));
        bool expected = text.StartsWith("{"u8) && Utf8.IsValid(text) && IsWellFormed(text);
        return isObject == expected ? null : $"{status}, but Utf8JsonReader says that it is{(expected ? "" : " not")} well-formed";
    }

    private bool IsWellFormed(ReadOnlySpan<byte> text)
    {
        var reader = new Utf8JsonReader(text, new JsonReaderOptions { MaxDepth = _options.MaxDepth });
        try
        {
            while (reader.Read())
            {
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static string Describe(string width, string what, PaddedBuffer buffer, LineSpan line)
    {
        ReadOnlySpan<byte> bytes = buffer.Bytes.AsSpan(line.Start, line.Length);
        return $"Width {width}: {what}; line {line.Start - PaddedBuffer.Padding}+{line.Length}: "
            + $"{Encoding.UTF8.GetString(bytes)} = {Convert.ToHexString(bytes)}";
    }

    private sealed class Lane(SimdWidth width, RecordReader reader)
    {
        public readonly SimdWidth Width = width;
        public readonly RecordReader Reader = reader;
        public readonly LogRecord Record = reader.CreateRecord();
        public int Position;
    }
}
