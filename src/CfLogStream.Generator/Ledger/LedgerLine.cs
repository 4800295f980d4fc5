using CfLogStream.Generator.Records;

namespace CfLogStream.Generator.Ledger;

/// <summary>Builds one JSON object after another and writes each as a line.</summary>
internal sealed class LedgerLine(Stream stream)
{
    private bool _first;

    /// <summary>The line so far, for values that have no method here.</summary>
    public RecordBuffer Json { get; } = new(4096);

    public void Begin(string type)
    {
        Json.Clear();
        Open();
        Text("type", type);
    }

    public void End()
    {
        Close();
        Json.Raw((byte)'\n');
        stream.Write(Json.Written);
    }

    public void Open()
    {
        Json.Raw((byte)'{');
        _first = true;
    }

    public void Close()
    {
        Json.Raw((byte)'}');
        _first = false;
    }

    public void Key(string name)
    {
        if (!_first)
        {
            Json.Raw((byte)',');
        }

        _first = false;
        Json.Quoted(name);
        Json.Raw((byte)':');
    }

    public void Text(string name, string value)
    {
        Key(name);
        Json.Quoted(value);
    }

    public void Number(string name, long value)
    {
        Key(name);
        Json.Number(value);
    }

    public void Number(byte[] name, long value)
    {
        Json.Raw(_first ? ""u8 : ","u8);
        _first = false;
        Json.Quoted(name);
        Json.Raw((byte)':');
        Json.Number(value);
    }

    public void Boolean(string name, bool value)
    {
        Key(name);
        Json.Boolean(value);
    }

    public void Time(string name, long ms)
    {
        Key(name);
        Timestamps.Write(Json, ms, TimestampFormat.Rfc3339Ms);
    }
}
