using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace CfLogStream.Server.Backup;

/// <summary>Writes and reads a backup's two JSON entries.</summary>
internal static class BackupJson
{
    private static readonly JsonWriterOptions s_indented = new() { Indented = true, NewLine = "\n" };

    public static byte[] Write(BackupHead head) => Write(json => WriteHead(json, head));

    public static byte[] Write(BackupManifest manifest) => Write(json =>
    {
        WriteHead(json, manifest.Head);
        json.WriteStartArray("folders");
        foreach (string folder in manifest.Folders)
        {
            json.WriteStringValue(folder);
        }

        json.WriteEndArray();
        json.WriteStartArray("files");
        foreach (BackupFile file in manifest.Files)
        {
            json.WriteStartObject();
            json.WriteString("path", file.Path);
            json.WriteNumber("bytes", file.Bytes);
            json.WriteString("sha256", file.Sha256);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    /// <exception cref="JsonException">It is not what <see cref="Write(BackupHead)"/> makes.</exception>
    public static BackupHead ReadHead(ReadOnlyMemory<byte> utf8) => Read(utf8, ReadHead);

    /// <exception cref="JsonException">It is not what <see cref="Write(BackupManifest)"/> makes.</exception>
    public static BackupManifest ReadManifest(ReadOnlyMemory<byte> utf8) => Read(utf8, root => new BackupManifest(
        ReadHead(root),
        [.. root.GetProperty("folders").EnumerateArray().Select(folder => folder.GetString()!)],
        [
            .. root.GetProperty("files").EnumerateArray().Select(file => new BackupFile(
                file.GetProperty("path").GetString()!, file.GetProperty("bytes").GetInt64(), file.GetProperty("sha256").GetString()!)),
        ]));

    private static byte[] Write(Action<Utf8JsonWriter> write)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes, s_indented))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        return bytes.WrittenSpan.ToArray();
    }

    private static void WriteHead(Utf8JsonWriter json, BackupHead head)
    {
        json.WriteNumber("format", head.Format);
        json.WriteString("program", head.Program);
        json.WriteString("created", head.Created.UtcDateTime.ToString("O", CultureInfo.InvariantCulture));
        json.WriteNumber("folder_format", head.FolderFormat);
        if (head.Schema is { } schema)
        {
            json.WriteNumber("schema", schema);
        }

        json.WriteBoolean("online", head.IsOnline);
    }

    private static BackupHead ReadHead(JsonElement root) => new()
    {
        Format = root.GetProperty("format").GetInt32(),
        Program = root.GetProperty("program").GetString()!,
        Created = root.GetProperty("created").GetDateTimeOffset(),
        FolderFormat = root.GetProperty("folder_format").GetInt32(),
        Schema = root.TryGetProperty("schema", out JsonElement schema) ? schema.GetInt32() : null,
        IsOnline = root.GetProperty("online").GetBoolean(),
    };

    private static T Read<T>(ReadOnlyMemory<byte> utf8, Func<JsonElement, T> read)
    {
        try
        {
            using var document = JsonDocument.Parse(utf8);
            return read(document.RootElement);
        }
        catch (Exception problem) when (problem is KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new JsonException(problem.Message, problem);
        }
    }
}
