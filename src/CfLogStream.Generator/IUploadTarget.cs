namespace CfLogStream.Generator;

/// <summary>Takes uploads: a folder, memory, a web server.</summary>
/// <remarks>All calls come one after another; uploads of several datasets are open at the same time.</remarks>
public interface IUploadTarget
{
    /// <summary>Begins an upload and returns where its bytes go.</summary>
    Stream Begin();

    /// <summary>Ends an upload: the stream has been disposed of, its name is known now.</summary>
    /// <param name="body">What <see cref="Begin"/> returned.</param>
    /// <param name="name">For instance <c>http_requests/20260806/20260806T120000Z_20260806T120030Z_1f3a9c04.log.gz</c>.</param>
    /// <param name="deliveredAt">When Logpush would have delivered it.</param>
    void Complete(Stream body, string name, DateTimeOffset deliveredAt);

    /// <summary>The upload <paramref name="name"/> is delivered once more, unchanged, as <paramref name="again"/>.</summary>
    void Repeat(string name, string again, DateTimeOffset deliveredAt);

    /// <summary>Opens the ledger, which is no upload.</summary>
    Stream OpenLedger();
}
