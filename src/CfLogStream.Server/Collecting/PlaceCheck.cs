namespace CfLogStream.Server.Collecting;

/// <summary>Tries a place: whether it can be listed, and whether what it lists can be had.</summary>
internal static class PlaceCheck
{
    /// <summary>Lists the first object of today and yesterday, and fetches it; disposes the place.</summary>
    /// <returns>What was found.</returns>
    public static async Task<string> RunAsync(IObjectPlace place, TimeProvider time, CancellationToken ct)
    {
        using IObjectPlace owned = place;
        DateTimeOffset now = time.GetUtcNow();
        await foreach (ObjectEntry entry in place.ListAsync(now, now, ct).ConfigureAwait(false))
        {
            if (!ObjectNames.IsIgnored(entry))
            {
                await place.CopyAsync(entry, Stream.Null, ct).ConfigureAwait(false);
                return "an object could be listed and read";
            }
        }

        return "it can be listed; no object is there to try to read";
    }
}
