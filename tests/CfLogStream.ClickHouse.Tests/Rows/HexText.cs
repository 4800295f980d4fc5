using System.Text;
using CfLogStream.Core;

namespace CfLogStream.ClickHouse.Tests.Rows;

/// <summary>A text from a string, UTF-8 text or bytes, as the hex that ClickHouse's hex() gives.</summary>
internal readonly record struct HexText(string Hex)
{
    public static implicit operator HexText(string text) => new(Convert.ToHexString(Encoding.UTF8.GetBytes(text)));

    public static implicit operator HexText(Utf8Text text) => new(Convert.ToHexString(text.Span));

    public static implicit operator HexText(byte[] bytes) => new(Convert.ToHexString(bytes));

    public static HexText Of(ReadOnlySpan<byte> bytes) => new(Convert.ToHexString(bytes));
}
