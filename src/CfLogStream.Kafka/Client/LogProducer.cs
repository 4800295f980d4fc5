using Confluent.Kafka;

namespace CfLogStream.Kafka.Client;

/// <summary>One producer of the log, from its making to the first error that it cannot survive.</summary>
internal sealed class LogProducer : IDisposable
{
    private readonly TaskCompletionSource<Error?> _broken = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private readonly IProducer<Null, byte[]> _producer;
    private bool _disposed;

    internal LogProducer(KafkaOptions options, Action<Error> onError, Action<Confluent.Kafka.LogMessage> onLog)
    {
        Budget = new ByteBudget(options.InFlightBytes);
        _producer = new ProducerBuilder<Null, byte[]>(KafkaClients.Producer(options))
            .SetErrorHandler((_, error) =>
            {
                onError(error);
                if (error.IsFatal)
                {
                    Break(error);
                }
            })
            .SetLogHandler((_, message) => onLog(message))
            .Build();
    }

    /// <summary>What may be on its way through this producer.</summary>
    internal ByteBudget Budget { get; }

    /// <summary>Completes with the error that ended the producer.</summary>
    internal Task<Error?> Broken => _broken.Task;

    internal bool IsBroken => _broken.Task.IsCompleted;

    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
        }

        _producer.Dispose();
    }

    internal void Break(Error error) => _broken.TrySetResult(error);

    /// <summary>Hands a message over to librdkafka; its bytes in the budget are returned with its delivery report.</summary>
    internal void Produce(string topic, int partition, Message<Null, byte[]> message, PendingAppend append)
    {
        int bytes = message.Value.Length;
        lock (_gate)
        {
            if (_disposed || IsBroken)
            {
                throw new KafkaException(new Error(ErrorCode.Local_Fatal, "the producer has ended"));
            }

            _producer.Produce(new TopicPartition(topic, partition), message, report =>
            {
                Budget.Return(bytes);
                append.Report(report.Error);
                if (report.Error.IsError)
                {
                    // What follows on this partition must not be stored without it.
                    Break(report.Error);
                }
            });
        }
    }
}
