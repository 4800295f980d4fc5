namespace CfLogStream.Server.Backup;

/// <summary>What a backup says of itself before its first file.</summary>
public sealed record BackupHead
{
    /// <summary>The newest layout of backups that this program knows.</summary>
    public const int NewestFormat = 1;

    /// <summary>The layout of the backup.</summary>
    public int Format { get; init; } = NewestFormat;

    /// <summary>The program that made it.</summary>
    public required string Program { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>The layout of the data folder.</summary>
    public required int FolderFormat { get; init; }

    /// <summary>The number of the newest schema file that was applied; null when a program laid the folder that did not note it.</summary>
    public required int? Schema { get; init; }

    /// <summary>Whether a service worked on the folder meanwhile.</summary>
    public required bool IsOnline { get; init; }
}
