using CfLogStream.Server.Storage;

namespace CfLogStream.Server.Backup;

/// <summary>Names in a backup and in a data folder, and which of them are copied.</summary>
internal static class BackupLayout
{
    /// <summary>The first entry.</summary>
    public const string Head = "cflogstream-backup.json";

    /// <summary>The last entry.</summary>
    public const string Manifest = "cflogstream-manifest.json";

    /// <summary>What stands before the paths of the data folder.</summary>
    public const string DataPrefix = "data/";

    /// <summary>The most bytes of the first and the last entry that are read.</summary>
    public const int JsonBytes = 256 * 1024 * 1024;

    public const string Engine = "engine";
    public const string Spool = "spool";
    public const string Uploads = "uploads";
    public const string Lock = "lock";
    public const string Pid = "pid";

    // Locks and what every start makes anew. Uploads that are being read are not acknowledged.
    private static readonly string[] s_left =
    [
        Lock, Pid, "backup.lock", "engine-config.xml", "engine-users.xml", Uploads, DataFolderMarker.UnfinishedRestore,
        Spool + "/" + Lock, Spool + "/backup.lock", Engine + "/shadow", Engine + "/tmp", Engine + "/status",
    ];

    /// <summary>Whether a path of the data folder is left out of backups.</summary>
    public static bool IsLeft(string path) => s_left.Contains(path, StringComparer.Ordinal);

    /// <summary>Whether a path may be one in a data folder: names with <c>/</c> between, none of which leads elsewhere.</summary>
    public static bool IsPath(string path) =>
        path.Length is > 0 and < 4096
        && path.Split('/').All(static name => name.Length is > 0 and < 256 && name is not ("." or ".."))
        && !path.AsSpan().ContainsAny('\\', ':', '\0')
        && !path.Any(char.IsControl)
        && !IsLeft(path) && !IsLeft(path.Split('/')[0]);
}
