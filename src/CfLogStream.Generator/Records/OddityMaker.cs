using CfLogStream.Generator.Randomness;
using CfLogStream.Generator.Uploads;

namespace CfLogStream.Generator.Records;

/// <summary>Mixes faults and peculiarities into the lines, and counts them.</summary>
/// <remarks>Has random numbers of its own: the same run without oddities has the same records otherwise.</remarks>
internal sealed class OddityMaker
{
    private static readonly string[] s_deadKinds = ["garbage", "control_character", "bad_utf8", "no_ray", "no_time", "too_deep",
        "top_level_array"];

    private readonly Oddities _kinds;
    private readonly Rng _rng;
    private readonly SortedDictionary<string, long> _counts = new(StringComparer.Ordinal);
    private readonly HttpRecordWriter[] _httpForms;
    private readonly FirewallRecordWriter[] _eventForms;
    private readonly RecordBuffer _line = new();

    public OddityMaker(Oddities kinds, ulong seed)
    {
        _kinds = kinds;
        _rng = new Rng(seed, 0x0DD);
        TimestampFormat[] forms = Enum.GetValues<TimestampFormat>();
        _httpForms = [.. forms.Select(form => new HttpRecordWriter(form))];
        _eventForms = [.. forms.Select(form => new FirewallRecordWriter(form))];
    }

    /// <summary>A writer with other timestamps for the next http record; null to take the usual one.</summary>
    public HttpRecordWriter? HttpWriter => OtherForm("mixed_timestamps") ? _rng.Pick(_httpForms) : null;

    /// <summary>A writer with other timestamps for the next security event; null to take the usual one.</summary>
    public FirewallRecordWriter? EventWriter => OtherForm("mixed_timestamps") ? _rng.Pick(_eventForms) : null;

    /// <summary>Counts by kind, as <c>kind=number</c>.</summary>
    public IReadOnlyList<string> Counts => [.. _counts.Select(count => $"{count.Key}={count.Value}")];

    /// <summary>Changes the line, and adds lines that are no record before it.</summary>
    public void Apply(DatasetStream stream, RecordBuffer line, long ms)
    {
        if (_kinds == Oddities.None)
        {
            return;
        }

        if (Wanted(Oddities.DeadLines, 0.002))
        {
            string kind = _rng.Pick(s_deadKinds);
            WriteDead(kind, line.Written);
            Count("dead_" + kind);
            stream.Add(_line.Written, ms, dead: true);
        }

        if (Wanted(Oddities.CutLines, 0.001))
        {
            _line.Clear();
            _line.Raw(line.Written[..(1 + _rng.Below(line.Length - 2))]);
            _line.Raw((byte)'\n');
            Count("cut");
            stream.Add(_line.Written, ms, dead: true);
        }

        if (Wanted(Oddities.ValidationBodies, 0.0005))
        {
            Count("validation");
            stream.Add("{\"content\":\"test\"}\n"u8, ms, dead: true);
        }

        if (Wanted(Oddities.StringsForNumbers, 0.02))
        {
            Quote(line, _rng.Chance(0.5) ? "\"EdgeResponseStatus\":"u8 : "\"ClientASN\":"u8);
        }

        if (Wanted(Oddities.UnknownFields, 0.02))
        {
            Insert(line, 1, "\"BrandNewFieldV2\":{\"a\":[1,{\"b\":null}],\"c\":\"}{\\\"\"},"u8);
            Count("unknown_field");
        }
    }

    private bool OtherForm(string name)
    {
        if (!Wanted(Oddities.MixedTimestamps, 0.05))
        {
            return false;
        }

        Count(name);
        return true;
    }

    private bool Wanted(Oddities kind, double share) => (_kinds & kind) != 0 && _rng.Chance(share);

    private void Count(string name) => _counts[name] = _counts.GetValueOrDefault(name) + 1;

    // Writes a line that no reader can take for a record, next to what it would have been.
    private void WriteDead(string kind, ReadOnlySpan<byte> record)
    {
        _line.Clear();
        switch (kind)
        {
            case "control_character":
                _line.Raw(record[..^2]);
                _line.Raw(",\"Note\":\"a\u0001b\"}\n"u8);
                break;
            case "bad_utf8":
                _line.Raw(record[..^2]);
                _line.Raw([.. ",\"Note\":\""u8, 0xC3, 0x28, 0xFF, .. "\"}\n"u8]);
                break;
            case "no_ray":
                WriteWithout(record, "\"RayID\":\""u8, "\"RayIX\":\""u8);
                break;
            case "no_time":
                WriteWithout(record, record.IndexOf("\"EdgeStartTimestamp\":"u8) >= 0 ? "\"EdgeStartTimestamp\":"u8 : "\"Datetime\":"u8,
                    "\"OtherTime\":"u8);
                break;
            case "too_deep":
                _line.Raw("{\"RayID\":\"00000000000000ff\",\"Deep\":"u8);
                for (int i = 0; i < 400; i++)
                {
                    _line.Raw((byte)'[');
                }

                for (int i = 0; i < 400; i++)
                {
                    _line.Raw((byte)']');
                }

                _line.Raw("}\n"u8);
                break;
            case "top_level_array":
                _line.Raw("[1,2,3]\n"u8);
                break;
            default:
                _line.Raw("<html><body>503 Service Unavailable</body></html>\n"u8);
                break;
        }
    }

    private void WriteWithout(ReadOnlySpan<byte> record, ReadOnlySpan<byte> key, ReadOnlySpan<byte> other)
    {
        int at = record.IndexOf(key);
        _line.Raw(record[..at]);
        _line.Raw(other);
        _line.Raw(record[(at + key.Length)..]);
    }

    // "Key":200 becomes "Key":"200".
    private void Quote(RecordBuffer line, ReadOnlySpan<byte> key)
    {
        int at = line.Written.IndexOf(key);
        if (at < 0)
        {
            return;
        }

        int start = at + key.Length;
        int end = start;
        while (char.IsAsciiDigit((char)line.Written[end]))
        {
            end++;
        }

        if (end > start)
        {
            Insert(line, end, "\""u8);
            Insert(line, start, "\""u8);
            Count("string_for_number");
        }
    }

    private void Insert(RecordBuffer line, int at, ReadOnlySpan<byte> text)
    {
        _line.Clear();
        _line.Raw(line.Written[at..]);
        line.Truncate(at);
        line.Raw(text);
        line.Raw(_line.Written);
    }
}
