using System.Text;
using System.Text.Json;
using CfLogStream.ClickHouse.Native;
using CfLogStream.ClickHouse.Rows;
using CsCheck;

namespace CfLogStream.ClickHouse.Tests.Rows;

public sealed class TextListTests
{
    private static readonly Gen<string> s_element = Gen.OneOf(
        Gen.String[Gen.Char["abz_09 -,]["], 0, 4].Select(text => $"\"{text}\""),
        Gen.String[Gen.Char["ab\"\\né\u007f"], 0, 4].Select(text => JsonSerializer.Serialize(text)),
        Gen.UInt[0, 40].Select(number => $"{number}"),
        OneOf("01", "1.5", "-7", "1e3", "null", "true", "[1]", "{}", " 1", "\"a\" ", "\"", ""));

    /// <summary>Valid and broken arrays; the elements are those of a JSON reader, or the whole text where it has none.</summary>
    [Fact]
    public void AddTo_AnyArray_HasTheElementsOfAJsonReader() =>
        Gen.Select(s_element.Array[0, 4], OneOf("]", "]", "]", "]", "", ",]", "]]")).Sample(
            (elements, end) =>
            {
                string list = "[" + string.Join(',', elements) + end;
                var texts = new ArrayColumn<TextColumn>(new TextColumn());
                var words = new ArrayColumn<DictionaryColumn>(new DictionaryColumn());
                TextList.AddTo(Encoding.UTF8.GetBytes(list), texts);
                TextList.AddTo(Encoding.UTF8.GetBytes(list), words);
                Assert.Equal(Expected(list), Texts(texts));
                Assert.Equal((1, 1), (texts.Rows, words.Rows));
                Assert.Equal(texts.Elements.Rows, words.Elements.Rows);
            },
            iter: 20_000);

    private static Gen<string> OneOf(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(i => texts[i]);

    private static List<string> Expected(string list)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(list);
            JsonElement[] elements = [.. document.RootElement.EnumerateArray()];
            return elements.Any(element => element.ValueKind is JsonValueKind.Array or JsonValueKind.Object)
                ? [list]
                : [.. elements.Select(element => element.ValueKind == JsonValueKind.String ? element.GetString()! : element.GetRawText())];
        }
        catch (JsonException)
        {
            return [list];
        }
    }

    private static List<string> Texts(ArrayColumn<TextColumn> column)
    {
        var buffer = new ByteBuffer();
        column.Elements.WriteRows(buffer, 0, column.Elements.Rows);
        var texts = new List<string>();
        for (ReadOnlySpan<byte> rest = buffer.Span; !rest.IsEmpty; rest = rest[(rest[0] + 1)..])
        {
            texts.Add(Encoding.UTF8.GetString(rest.Slice(1, rest[0])));
        }

        return texts;
    }
}
