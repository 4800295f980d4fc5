namespace CfLogStream.ClickHouse.Embedded;

/// <summary>A data folder that no engine can be started on, for whoever works on its files.</summary>
public sealed class DataFolderHold : IDisposable
{
    private readonly DataFolder _folder;

    private DataFolderHold(DataFolder folder)
    {
        _folder = folder;
    }

    /// <summary>Locks a folder, making it if need be.</summary>
    /// <exception cref="InvalidOperationException">Another process uses it.</exception>
    public static DataFolderHold Take(string folder) => new(DataFolder.Open(folder));

    public void Dispose() => _folder.Dispose();
}
