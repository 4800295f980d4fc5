using System.Numerics;

namespace CfLogStream.Server.Analysis;

/// <summary>Pages for the records that wait to be put in order; shared by the workers and the correlator thread.</summary>
/// <remarks>
/// Sizes are powers of two, so that the last page of a batch is hardly larger than what is left to store. A page is full-sized unless less
/// is asked for; a record too large for a page gets one of its own, which is left to the garbage collector. What is pooled never exceeds
/// what was once held at the same time. Pinned, so that no collection copies a page. A lock, because it is taken once per page and a page
/// has about a hundred records; last in, first out, because the last one is likeliest still in a cache.
/// </remarks>
internal sealed class RecordPagePool
{
    public const int PageBytes = 32 * 1024;
    public const int SmallestBytes = 2 * 1024;

    private static readonly int s_smallestLog = BitOperations.Log2(SmallestBytes);

    private readonly Lock _gate = new();

    // By size class, the page given back last; the others follow by RecordPage.Next.
    private readonly RecordPage?[] _free = new RecordPage?[BitOperations.Log2(PageBytes) - s_smallestLog + 1];

    /// <summary>Rents an empty page with room for <paramref name="record"/> bytes, and for as many as <paramref name="wanted"/> if a page has them.</summary>
    public RecordPage Rent(int record, int wanted)
    {
        if (record > PageBytes)
        {
            return new RecordPage(GC.AllocateUninitializedArray<byte>((record + 15) & ~15));
        }

        int bytes = Math.Clamp((int)BitOperations.RoundUpToPowerOf2((uint)wanted), SmallestBytes, PageBytes);
        lock (_gate)
        {
            ref RecordPage? free = ref _free[ClassOf(bytes)];
            if (free is { } page)
            {
                free = page.Next;
                page.Next = null;
                return page;
            }
        }

        return new RecordPage(GC.AllocateUninitializedArray<byte>(bytes, pinned: true));
    }

    /// <summary>Takes a page back.</summary>
    public void Return(RecordPage page)
    {
        page.Clear();
        if (page.Bytes.Length <= PageBytes)
        {
            lock (_gate)
            {
                ref RecordPage? free = ref _free[ClassOf(page.Bytes.Length)];
                page.Next = free;
                free = page;
            }
        }
    }

    private static int ClassOf(int bytes) => BitOperations.Log2((uint)bytes) - s_smallestLog;
}
