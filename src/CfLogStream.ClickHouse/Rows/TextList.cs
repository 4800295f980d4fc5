using System.Text.Json;
using CfLogStream.ClickHouse.Native;

namespace CfLogStream.ClickHouse.Rows;

/// <summary>Splits a text that stands for a list: a JSON array as Logpush has it, or texts between commas.</summary>
internal static class TextList
{
    private const int LongestOnStack = 256;

    /// <summary>Adds the elements of a list to a column of arrays and ends its row.</summary>
    public static void AddTo(ReadOnlySpan<byte> list, ArrayColumn<DictionaryColumn> column)
    {
        if (!list.IsEmpty)
        {
            AddElements(list, column.Elements);
        }

        column.EndRow();
    }

    /// <summary>Adds the elements of a list to a column of arrays and ends its row.</summary>
    public static void AddTo(ReadOnlySpan<byte> list, ArrayColumn<TextColumn> column)
    {
        if (!list.IsEmpty)
        {
            AddElements(list, column.Elements);
        }

        column.EndRow();
    }

    private static void AddElements(ReadOnlySpan<byte> list, DictionaryColumn column)
    {
        if (IsPlainArray(list))
        {
            for (ReadOnlySpan<byte> rest = list[1..]; rest.Length > 1;)
            {
                column.Add(TakePlain(ref rest));
            }

            return;
        }

        foreach (ReadOnlySpan<byte> element in new Elements(list, stackalloc byte[LongestOnStack]))
        {
            column.Add(element);
        }
    }

    private static void AddElements(ReadOnlySpan<byte> list, TextColumn column)
    {
        if (IsPlainArray(list))
        {
            for (ReadOnlySpan<byte> rest = list[1..]; rest.Length > 1;)
            {
                column.Add(TakePlain(ref rest));
            }

            return;
        }

        foreach (ReadOnlySpan<byte> element in new Elements(list, stackalloc byte[LongestOnStack]))
        {
            column.Add(element);
        }
    }

    /// <summary>
    /// Whether a list is a JSON array of nothing but whole numbers and strings without escapes, commas and letters beyond ASCII: what
    /// Cloudflare writes. Its commas are then its borders.
    /// </summary>
    private static bool IsPlainArray(ReadOnlySpan<byte> list)
    {
        if (list is not [(byte)'[', .., (byte)']'])
        {
            return false;
        }

        ReadOnlySpan<byte> rest = list[1..];
        while (rest.Length > 1)
        {
            int length = rest[0] == (byte)'"' ? PlainString(rest) : PlainNumber(rest);
            if (length == 0 || (length < rest.Length - 1 && (rest[length] != (byte)',' || rest.Length - length == 2)))
            {
                return false;
            }

            rest = rest[Math.Min(length + 1, rest.Length - 1)..];
        }

        return true;
    }

    /// <summary>The length of the string that a text starts with, with its quotes; 0 when it is not plain.</summary>
    private static int PlainString(ReadOnlySpan<byte> text)
    {
        for (int i = 1; i < text.Length - 1; i++)
        {
            byte b = text[i];
            if (b == (byte)'"')
            {
                return i + 1;
            }

            if (b is < 0x20 or >= 0x7F or (byte)'\\' or (byte)',')
            {
                return 0;
            }
        }

        return 0;
    }

    /// <summary>The length of the number that a text starts with; 0 when it is not a plain one.</summary>
    private static int PlainNumber(ReadOnlySpan<byte> text)
    {
        int length = 0;
        while (text[length] is >= (byte)'0' and <= (byte)'9')
        {
            length++;
        }

        return length > 1 && text[0] == (byte)'0' ? 0 : length;
    }

    private static ReadOnlySpan<byte> TakePlain(ref ReadOnlySpan<byte> rest)
    {
        int end = rest.IndexOf((byte)',');
        end = end < 0 ? rest.Length - 1 : end;
        ReadOnlySpan<byte> element = rest[..end];
        rest = rest[Math.Min(end + 1, rest.Length - 1)..];
        return element[0] == (byte)'"' ? element[1..^1] : element;
    }

    /// <summary>Enumerates the elements; a JSON array that cannot be read is one element.</summary>
    private ref struct Elements
    {
        private readonly Span<byte> _scratch;
        private readonly bool _json;
        private Utf8JsonReader _reader;
        private ReadOnlySpan<byte> _rest;

        public Elements(ReadOnlySpan<byte> list, Span<byte> scratch)
        {
            _scratch = scratch;
            _rest = list;
            _json = IsFlatJsonArray(list);
            if (_json)
            {
                _reader = new Utf8JsonReader(list);
                _reader.Read();
            }
            else if (list is [(byte)'[', ..])
            {
                Current = list;
                _rest = default;
                Whole = true;
            }
        }

        public ReadOnlySpan<byte> Current { get; private set; }

        private bool Whole { get; set; }

        public readonly Elements GetEnumerator() => this;

        public bool MoveNext()
        {
            if (_json)
            {
                return MoveNextJson();
            }

            if (Whole)
            {
                Whole = false;
                return true;
            }

            if (_rest.IsEmpty)
            {
                return false;
            }

            int comma = _rest.IndexOf((byte)',');
            Current = (comma < 0 ? _rest : _rest[..comma]).Trim((byte)' ');
            _rest = comma < 0 ? default : _rest[(comma + 1)..];
            return true;
        }

        private static bool IsFlatJsonArray(ReadOnlySpan<byte> list)
        {
            if (list is not [(byte)'[', .., (byte)']'])
            {
                return false;
            }

            try
            {
                var reader = new Utf8JsonReader(list);
                while (reader.Read())
                {
                    if (reader.TokenType is JsonTokenType.StartObject || reader.CurrentDepth > 1)
                    {
                        return false;
                    }
                }

                return true;
            }
            catch (JsonException)
            {
                return false;
            }
        }

        private bool MoveNextJson()
        {
            if (!_reader.Read() || _reader.TokenType == JsonTokenType.EndArray)
            {
                return false;
            }

            if (!_reader.ValueIsEscaped)
            {
                Current = _reader.ValueSpan;
                return true;
            }

            Span<byte> room = _reader.ValueSpan.Length <= _scratch.Length ? _scratch : new byte[_reader.ValueSpan.Length];
            Current = room[.._reader.CopyString(room)];
            return true;
        }
    }
}
