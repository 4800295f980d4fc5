using System.Buffers;
using System.Reflection;
using System.Text.Json;
using CfLogStream.ClickHouse.Schema;
using CfLogStream.Server.Spool;

namespace CfLogStream.Server.Storage;

/// <summary>What a data folder says of itself in a small file: its layout, and the newest schema and program that it was used with.</summary>
/// <remarks>A folder without the file was laid before there was one, and has layout 1.</remarks>
public sealed record DataFolderMarker
{
    /// <summary>The newest layout that this program knows.</summary>
    public const int NewestFormat = 1;

    /// <summary>The file's name.</summary>
    public const string FileName = "cflogstream-folder.json";

    /// <summary>The folder in a data folder that a restore has while it is not finished.</summary>
    public const string UnfinishedRestore = "restore.unfinished";

    private const int MostBytes = 64 * 1024;

    /// <summary>The number of the newest schema file that this program knows.</summary>
    public static int NewestSchema => Migration.BuiltIn[^1].Number;

    /// <summary>This program's name and version.</summary>
    public static string ThisProgram { get; } = "cflogstream " + typeof(DataFolderMarker).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;

    /// <summary>The layout.</summary>
    public int Format { get; init; } = NewestFormat;

    /// <summary>The number of the newest schema file that was applied; null when a program laid the folder that did not note it.</summary>
    public int? Schema { get; init; }

    /// <summary>The newest program that used it.</summary>
    public string Program { get; init; } = "";

    /// <summary>Reads a folder's file; one that is missing or cannot be read says nothing.</summary>
    public static DataFolderMarker Read(string folder)
    {
        try
        {
            var file = new FileInfo(Path.Combine(folder, FileName));
            if (!file.Exists || file.Length > MostBytes)
            {
                return new DataFolderMarker();
            }

            using var document = JsonDocument.Parse(File.ReadAllBytes(file.FullName));
            JsonElement root = document.RootElement;
            return new DataFolderMarker
            {
                Format = root.GetProperty("format").GetInt32(),
                Schema = root.TryGetProperty("schema", out JsonElement schema) ? schema.GetInt32() : null,
                Program = root.GetProperty("program").GetString() ?? "",
            };
        }
        catch (Exception problem) when (problem is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            // The schema's own record and the spool's heads say what is newer, too.
            return new DataFolderMarker();
        }
    }

    /// <summary>Refuses a folder that a newer program has used, and one in which a restore is not finished.</summary>
    /// <exception cref="InvalidOperationException">It is one of these.</exception>
    public static void Check(string folder)
    {
        string full = Path.GetFullPath(folder);
        if (Directory.Exists(Path.Combine(full, UnfinishedRestore)))
        {
            throw new InvalidOperationException(
                $"The data folder '{full}' has a restore that was not finished ('{UnfinishedRestore}'). Run 'cflogstream restore' on it "
                + "again, or name another folder.");
        }

        DataFolderMarker marker = Read(full);
        string by = marker.Program.Length > 0 ? $" It was last used by '{Excerpt(marker.Program)}'." : "";
        if (marker.Format > NewestFormat)
        {
            throw new InvalidOperationException(
                $"The data folder '{full}' has layout {marker.Format}, newer than {NewestFormat}, the newest this program knows.{by} Use that "
                + "program or a newer one, or restore a backup from before the upgrade into another folder.");
        }

        if (marker.Schema > NewestSchema)
        {
            throw new InvalidOperationException(
                $"The data folder '{full}' has schema {marker.Schema}, newer than {NewestSchema}, the newest this program knows.{by} Use that "
                + "program or a newer one, or restore a backup from before the upgrade into another folder.");
        }
    }

    /// <summary>Notes that this program uses the folder with its schema. The caller holds the folder's lock.</summary>
    public static void Note(string folder)
    {
        DataFolderMarker wanted = new() { Schema = NewestSchema, Program = ThisProgram };
        if (Read(folder) == wanted)
        {
            return;
        }

        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteNumber("format", wanted.Format);
            json.WriteNumber("schema", wanted.Schema.Value);
            json.WriteString("program", wanted.Program);
            json.WriteEndObject();
        }

        string path = Path.Combine(folder, FileName);
        string temporary = path + ".tmp";
        using (var file = new FileStream(temporary, FileMode.Create, FileAccess.Write))
        {
            file.Write(bytes.WrittenSpan);
            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
        FolderSync.Flush(folder);
    }

    private static string Excerpt(string text) => text.Length > 200 ? text[..200] : text;
}
