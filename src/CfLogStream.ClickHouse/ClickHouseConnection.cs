using System.Net;
using ClickHouse.Driver;
using ClickHouse.Driver.ADO;

namespace CfLogStream.ClickHouse;

/// <summary>A ClickHouse server or cluster: one pool of HTTP connections, shared by schema, writers and queries. Safe for many
/// threads.</summary>
public sealed class ClickHouseConnection : IDisposable
{
    private readonly HttpClient _http;

    /// <summary>Prepares the pool; connects to nothing yet.</summary>
    /// <param name="transport">Takes the requests to the server instead of sockets; null for sockets.</param>
    /// <exception cref="ArgumentException">The options are wrong; the message names everything that is.</exception>
    public ClickHouseConnection(ClickHouseOptions options, HttpMessageHandler? transport = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        IReadOnlyList<string> problems = options.Validate();
        if (problems.Count > 0)
        {
            throw new ArgumentException(string.Join(' ', problems), nameof(options));
        }

        Options = options;
        _http = new HttpClient(new ServerAnswerHandler(transport ?? new SocketsHttpHandler
        {
            ConnectTimeout = options.ConnectTimeout,
            AutomaticDecompression = DecompressionMethods.GZip,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            UseCookies = false,
            AllowAutoRedirect = false,
        }))
        {
            // Each call has its own limit; a shared one could not tell inserts from queries.
            Timeout = Timeout.InfiniteTimeSpan,
        };
        Client = new ClickHouseClient(new ClickHouseClientSettings
        {
            Protocol = options.Endpoint.Scheme,
            Host = options.Endpoint.Host,
            Port = (ushort)options.Endpoint.Port,
            Path = options.Endpoint.AbsolutePath.Trim('/'),
            Username = options.User,
            Password = options.Password,

            // Statements name the database: it may not exist yet, and a session default would refuse even its creation.
            Database = string.Empty,
            UseCompression = options.Compresses,
            AcceptEncoding = options.Compresses ? "gzip" : null,
            HttpClient = _http,
        });
    }

    public ClickHouseOptions Options { get; }

    internal ClickHouseClient Client { get; }

    /// <summary>Whether the server answers its ping.</summary>
    public async Task<bool> PingAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = Limit(Options.ConnectTimeout, cancellationToken);
        bool answered = await Client.PingAsync(null, limit.Token).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        return answered;
    }

    public void Dispose()
    {
        Client.Dispose();
        _http.Dispose();
    }

    public override string ToString() => Options.ToString();

    internal static CancellationTokenSource Limit(TimeSpan limit, CancellationToken cancellationToken)
    {
        var source = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        source.CancelAfter(limit);
        return source;
    }
}
