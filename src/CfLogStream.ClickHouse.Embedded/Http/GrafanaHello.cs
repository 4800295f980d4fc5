using System.Buffers.Binary;
using System.Text;
using CfLogStream.ClickHouse.Embedded.Sql;

namespace CfLogStream.ClickHouse.Embedded.Http;

/// <summary>
/// The first statement of clickhouse-go over HTTP, which Grafana's data source uses. It decodes this answer at the protocol revision
/// it names in <c>client_protocol_version</c>, and every later one at the revision that this answer gives. The engine writes Native as
/// of revision 0, so that is what the answer gives; the answer itself is written here, at the client's revision: block info (from
/// revision 1) before the block, and a zero byte for "no custom serialization" (from 54454) after each column's type.
/// </summary>
internal static class GrafanaHello
{
    private const int CustomSerializationRevision = 54454;

    private static readonly string[] s_tokens =
        ["SELECT", "displayName", "(", ")", ",", "version", "(", ")", ",", "revision", "(", ")", ",", "timezone", "(", ")"];

    /// <summary>Returns whether a statement is the hello.</summary>
    public static bool Is(ReadOnlySpan<byte> statement)
    {
        var tokens = new SqlTokenizer(statement);
        int count = 0;
        while (tokens.Read(out SqlToken token))
        {
            if (count == s_tokens.Length)
            {
                return tokens.Is(token, ';') && !tokens.Read(out _);
            }

            if (!Encoding.UTF8.GetString(tokens.Bytes(token)).Equals(s_tokens[count], StringComparison.OrdinalIgnoreCase))
            {
                return false;
            }

            count++;
        }

        return count == s_tokens.Length;
    }

    /// <summary>Returns the answer.</summary>
    public static byte[] Answer(int revision, string displayName, string version, string timeZone)
    {
        var block = new List<byte>(256);
        if (revision > 0)
        {
            // Field 1: no overflow row; field 2: bucket number -1; end of fields.
            block.AddRange([1, 0, 2, 0xFF, 0xFF, 0xFF, 0xFF, 0]);
        }

        // 4 columns, 1 row.
        block.AddRange([4, 1]);
        AddColumn(block, revision, "displayName()", "String", Text(displayName));
        AddColumn(block, revision, "version()", "String", Text(version));
        byte[] engineRevision = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(engineRevision, 0);
        AddColumn(block, revision, "revision()", "UInt32", engineRevision);
        AddColumn(block, revision, "timezone()", "String", Text(timeZone));
        return [.. block];
    }

    private static void AddColumn(List<byte> block, int revision, string name, string type, byte[] value)
    {
        block.AddRange(Text(name));
        block.AddRange(Text(type));
        if (revision >= CustomSerializationRevision)
        {
            block.Add(0);
        }

        block.AddRange(value);
    }

    // Length as one byte of varint: all texts here are shorter than 128 bytes, or are cut.
    private static byte[] Text(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        int length = Math.Min(bytes.Length, 127);
        return [(byte)length, .. bytes.AsSpan(0, length)];
    }
}
