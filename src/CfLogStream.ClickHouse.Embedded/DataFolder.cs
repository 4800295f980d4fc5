namespace CfLogStream.ClickHouse.Embedded;

/// <summary>The folder of one embedded ClickHouse, locked for as long as this object lives.</summary>
internal sealed class DataFolder : IDisposable
{
    private readonly bool _temporary;

    private DataFolder(string path, bool temporary)
    {
        Path = path;
        _temporary = temporary;
    }

    /// <summary>Gets the full path.</summary>
    public string Path { get; }

    /// <summary>Gets the folder that the engine writes.</summary>
    public string Storage => System.IO.Path.Combine(Path, "engine");

    /// <summary>Opens a folder, making it if need be.</summary>
    public static DataFolder Open(string path)
    {
        bool temporary = path == EmbeddedClickHouseDefaults.Memory;
        string full = temporary ? Directory.CreateTempSubdirectory("cflogstream-").FullName : System.IO.Path.GetFullPath(path);
        Directory.CreateDirectory(full);
        return new DataFolder(full, temporary);
    }

    /// <summary>Unlocks the folder, and removes it if it was a temporary one.</summary>
    public void Dispose()
    {
        if (_temporary)
        {
            Directory.Delete(Path, recursive: true);
        }
    }
}
