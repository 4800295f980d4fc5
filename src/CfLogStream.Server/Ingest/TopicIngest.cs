using CfLogStream.Kafka.Client;
using CfLogStream.Kafka.Log;
using CfLogStream.Server.Sources;
using Microsoft.Extensions.Logging;

namespace CfLogStream.Server.Ingest;

/// <summary>Brings a user's topics to the log: opens an intake for each partition that this process reads.</summary>
public sealed class TopicIngest : ITopicHandler
{
    private readonly IngestOptions _options;
    private readonly ILogWriter _log;
    private readonly LineBatchPool _pool;
    private readonly EventTimeGate _gate;
    private readonly IngestMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    public TopicIngest(IngestOptions options, ILogWriter log, IngestMetrics metrics, TimeProvider time, ILogger<TopicIngest> logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _log = log;
        _pool = new LineBatchPool(new LineBatchOptions { Reader = options.Reader });
        _gate = new EventTimeGate(options.Tolerance, options.Idle, time);
        _metrics = metrics;
        _time = time;
        _logger = logger;
    }

    public Task<ITopicSession> OpenAsync(string topic, int partition, CancellationToken ct) => Task.FromResult<ITopicSession>(
        new TopicIntake(_options, $"{topic}/{partition}", _log, _pool, _gate.Open(), _metrics, _time, _logger));
}
