using System.Text;
using CfLogStream.Core.Logpush;

namespace CfLogStream.Core.Tests.Logpush;

/// <summary>A line read on its own, placed inside a larger buffer so that slots are not offsets into the line.</summary>
internal sealed class OneLine
{
    private const int Before = 7;

    private OneLine(byte[] line, ReaderOptions options)
    {
        byte[] buffer = [.. "}\"\\{][\n"u8, .. line, .. "\n\"}{"u8];
        var reader = new RecordReader(options);
        Record = reader.CreateRecord();
        Status = reader.Read(buffer, Before, line.Length, Record, out int column);
        Column = column;
    }

    public ReadStatus Status { get; }

    public LogRecord Record { get; }

    public int Column { get; }

    public string this[LogField field] => Encoding.UTF8.GetString(Record.Text(field));

    public static OneLine Read(string line, ReaderOptions? options = null) =>
        new(Encoding.UTF8.GetBytes(line), options ?? new ReaderOptions());

    public static OneLine Read(ReadOnlySpan<byte> line, ReaderOptions? options = null) =>
        new(line.ToArray(), options ?? new ReaderOptions());

    /// <summary>An http_requests record with the given members before its time and ray.</summary>
    public static OneLine Http(string members) =>
        Read($$"""{{{members}}{{(members.Length > 0 ? "," : "")}}"EdgeStartTimestamp":1667512927424000000,"RayID":"76486474681b7fff"}""");

    public List<string> Elements(LogField field)
    {
        List<string> texts = [];
        foreach (ReadOnlySpan<byte> element in Record.Elements(field))
        {
            texts.Add(Encoding.UTF8.GetString(element));
        }

        return texts;
    }

    public List<string> Members(LogField field)
    {
        List<string> texts = [];
        foreach (TextMembers member in Record.Members(field))
        {
            texts.Add($"{Encoding.UTF8.GetString(member.Name)}={Encoding.UTF8.GetString(member.Value)}");
        }

        return texts;
    }
}
