namespace CfLogStream.Generator.Uploads;

/// <summary>Uploads as files of a folder, with <c>ledger.ndjson</c> beside them; a file's time is when Logpush would have delivered
/// it.</summary>
internal sealed class FolderUploads(string folder) : IUploadTarget
{
    private int _number;

    public Stream Begin()
    {
        Directory.CreateDirectory(folder);
        return new FileStream(Path.Combine(folder, $".upload-{++_number}"), FileMode.Create, FileAccess.Write, FileShare.Read, 1 << 16);
    }

    public void Complete(Stream body, string name, DateTimeOffset deliveredAt)
    {
        string path = PathOf(name);
        File.Move(((FileStream)body).Name, path, overwrite: true);
        File.SetLastWriteTimeUtc(path, deliveredAt.UtcDateTime);
    }

    public void Repeat(string name, string again, DateTimeOffset deliveredAt)
    {
        string path = PathOf(again);
        File.Copy(PathOf(name), path, overwrite: true);
        File.SetLastWriteTimeUtc(path, deliveredAt.UtcDateTime);
    }

    public Stream OpenLedger()
    {
        Directory.CreateDirectory(folder);
        return new FileStream(Path.Combine(folder, "ledger.ndjson"), FileMode.Create, FileAccess.Write, FileShare.Read, 1 << 16);
    }

    private string PathOf(string name)
    {
        string path = Path.Combine(folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return path;
    }
}
