using System.Buffers.Binary;
using System.Globalization;
using System.IO.Hashing;
using Microsoft.Win32.SafeHandles;

namespace CfLogStream.Server.Spool;

/// <summary>A file of a partition: its head, then records one behind the other.</summary>
/// <remarks>
/// The file's name is the offset of its first record, so a partition's files in the order of their names are the partition, also when a
/// head is
/// damaged. Head, 40 bytes: <c>CFLSPOOL</c>, version (4), partition (4), first offset (8), seed (8), checksum of these (8). What stands
/// at or
/// past the next segment's first offset is not part of the log: it was never acknowledged.
/// </remarks>
internal sealed class SpoolSegment
{
    public const int HeadBytes = 40;
    public const string Extension = ".seg";

    private const int Version = 1;
    private const string NameFormat = "D20";

    private long _length;
    private long _lastWriteTicks;

    private SpoolSegment(string path, long first, long length, DateTimeOffset lastWrite)
    {
        FilePath = path;
        First = first;
        _length = length;
        LastWrite = lastWrite;
    }

    public string FilePath { get; }

    /// <summary>The offset of its first record.</summary>
    public long First { get; }

    /// <summary>Bytes that are safe on disk; readers go no further. Written by the committing thread.</summary>
    public long Length
    {
        get => Volatile.Read(ref _length);
        set => Volatile.Write(ref _length, value);
    }

    /// <summary>When something was last appended.</summary>
    public DateTimeOffset LastWrite
    {
        get => new(Volatile.Read(ref _lastWriteTicks), TimeSpan.Zero);
        set => Volatile.Write(ref _lastWriteTicks, value.UtcTicks);
    }

    private static ReadOnlySpan<byte> Magic => "CFLSPOOL"u8;

    /// <summary>Finds the segments of a folder, by their first offset.</summary>
    public static List<SpoolSegment> Find(string folder)
    {
        var found = new List<SpoolSegment>();
        foreach (FileInfo file in new DirectoryInfo(folder).EnumerateFiles("*" + Extension))
        {
            if (long.TryParse(Path.GetFileNameWithoutExtension(file.Name), NumberStyles.None, CultureInfo.InvariantCulture, out long first))
            {
                found.Add(new SpoolSegment(file.FullName, first, file.Length, new DateTimeOffset(file.LastWriteTimeUtc, TimeSpan.Zero)));
            }
        }

        found.Sort(static (left, right) => left.First.CompareTo(right.First));
        return found;
    }

    /// <summary>Makes a segment: its head and its name are on disk when this returns.</summary>
    public static SpoolSegment Create(string folder, int partition, long first, long seed, DateTimeOffset now, out SafeFileHandle handle)
    {
        string path = Path.Combine(folder, first.ToString(NameFormat, CultureInfo.InvariantCulture) + Extension);
        handle = File.OpenHandle(path, FileMode.Create, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        try
        {
            Span<byte> head = stackalloc byte[HeadBytes];
            Magic.CopyTo(head);
            BinaryPrimitives.WriteInt32LittleEndian(head[8..], Version);
            BinaryPrimitives.WriteInt32LittleEndian(head[12..], partition);
            BinaryPrimitives.WriteInt64LittleEndian(head[16..], first);
            BinaryPrimitives.WriteInt64LittleEndian(head[24..], seed);
            BinaryPrimitives.WriteUInt64LittleEndian(head[32..], XxHash3.HashToUInt64(head[..32]));
            RandomAccess.Write(handle, head, 0);
            RandomAccess.FlushToDisk(handle);
            FolderSync.Flush(folder);
            return new SpoolSegment(path, first, HeadBytes, now);
        }
        catch
        {
            handle.Dispose();
            File.Delete(path);
            throw;
        }
    }

    /// <summary>Opens it for reading; null when it was removed meanwhile.</summary>
    public SafeFileHandle? OpenRead()
    {
        try
        {
            return File.OpenHandle(FilePath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, FileOptions.SequentialScan);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Reads the seed; null when the head is cut or damaged.</summary>
    /// <exception cref="InvalidOperationException">A newer version of the program wrote it.</exception>
    public long? ReadSeed()
    {
        using SafeFileHandle? handle = OpenRead();
        Span<byte> head = stackalloc byte[HeadBytes];
        if (handle is null || RandomAccess.Read(handle, head, 0) < HeadBytes || !head.StartsWith(Magic)
            || BinaryPrimitives.ReadUInt64LittleEndian(head[32..]) != XxHash3.HashToUInt64(head[..32]))
        {
            return null;
        }

        int version = BinaryPrimitives.ReadInt32LittleEndian(head[8..]);
        return version <= Version
            ? BinaryPrimitives.ReadInt64LittleEndian(head[24..])
            : throw new InvalidOperationException(
                $"The spool's file '{FilePath}' has version {version}; this program reads up to {Version}. Start the newer program "
                    + "again, or let it "
                + "work off the spool before going back.");
    }
}
