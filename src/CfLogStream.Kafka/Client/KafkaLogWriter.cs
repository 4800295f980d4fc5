using CfLogStream.Kafka.Log;
using CfLogStream.Kafka.Slices;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace CfLogStream.Kafka.Client;

/// <summary>Appends slices to the log's topic.</summary>
/// <remarks>
/// <para>The producer is idempotent and gapless: on a partition a later slice of it is never stored without the earlier ones, also when an append fails.
/// After an error that breaks this promise all appends on their way fail, and the next one begins with a new producer.</para>
/// <para>Slices do not expire while they wait for the brokers: an append waits for as long as they are away. Who cannot wait cancels it; what was handed
/// over by then may still be stored, so the same must be appended again, before anything later of the same source.</para>
/// </remarks>
public sealed partial class KafkaLogWriter : ILogWriter, IDisposable
{
    private readonly KafkaOptions _options;
    private readonly Func<SliceHeader, Headers> _writeHeader;
    private readonly ILogger _logger;
    private readonly LogGate _errors;
    private readonly Lock _gate = new();
    private LogProducer? _producer;
    private bool _disposed;

    private KafkaLogWriter(KafkaOptions options, int partitions, Func<SliceHeader, Headers> writeHeader, TimeProvider time, ILogger logger)
    {
        _options = options;
        Partitions = partitions;
        _writeHeader = writeHeader;
        _logger = logger;
        _errors = new LogGate(time);
    }

    public int Partitions { get; }

    /// <summary>Connects to the cluster, for as long as it takes, and reads how many partitions the log has.</summary>
    /// <param name="writeHeader">Makes a message's headers.</param>
    /// <exception cref="TopicMissingException">The log's topic does not exist.</exception>
    public static async Task<KafkaLogWriter> OpenAsync(
        KafkaOptions options, Func<SliceHeader, Headers> writeHeader, TimeProvider time, ILogger logger, CancellationToken ct)
    {
        using var admin = new TopicAdmin(options);
        int partitions = await admin.WaitForTopicAsync(options.Topic, isLog: true, time, logger, ct).ConfigureAwait(false);
        Log.Opened(logger, options.Topic, partitions, options.BootstrapServers);
        return new KafkaLogWriter(options, partitions, writeHeader, time, logger);
    }

    /// <inheritdoc/>
    /// <exception cref="LogAppendException">The log has not, or not for certain, all of them.</exception>
    public async Task AppendAsync(IReadOnlyList<Slice> slices, CancellationToken ct)
    {
        foreach (Slice slice in slices)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(slice.Partition, nameof(slices));
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(slice.Partition, Partitions, nameof(slices));
        }

        if (slices.Count == 0)
        {
            return;
        }

        LogProducer producer = Current();
        var append = new PendingAppend(slices.Count);
        foreach (Slice slice in slices)
        {
            await HandOverAsync(producer, slice, append, ct).ConfigureAwait(false);
        }

        await Task.WhenAny(append.Completion, producer.Broken).WaitAsync(ct).ConfigureAwait(false);
        bool reported = append.Completion.IsCompleted;
        if (await (reported ? append.Completion : producer.Broken).ConfigureAwait(false) is { } error)
        {
            throw Failed(error, ofThisAppend: reported, null);
        }
    }

    /// <summary>Ends the producer; appends that are on their way fail.</summary>
    public void Dispose()
    {
        LogProducer? producer;
        lock (_gate)
        {
            _disposed = true;
            producer = _producer;
            _producer = null;
        }

        producer?.Break(new Error(ErrorCode.Local_Destroy));
        producer?.Dispose();
    }

    private static bool IsPermanent(ErrorCode code) => code is ErrorCode.MsgSizeTooLarge or ErrorCode.InvalidRecord or ErrorCode.InvalidMsg
        or ErrorCode.RecordListTooLarge or ErrorCode.Local_InvalidArg or ErrorCode.Local_BadMsg;

    private LogProducer Current()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_producer is { IsBroken: true } broken)
            {
                Log.ProducerRenewed(_logger);
                _ = Task.Run(broken.Dispose);
                _producer = null;
            }

            return _producer ??= new LogProducer(_options, OnError, OnLog);
        }
    }

    private async Task HandOverAsync(LogProducer producer, Slice slice, PendingAppend append, CancellationToken ct)
    {
        Task room = producer.Budget.TakeAsync(slice.Value.Length, ct);
        if (!room.IsCompletedSuccessfully)
        {
            Task first = await Task.WhenAny(room, producer.Broken).ConfigureAwait(false);
            if (first != room)
            {
                throw Failed(await producer.Broken.ConfigureAwait(false), ofThisAppend: false, null);
            }

            await room.ConfigureAwait(false);
        }

        // The caller's bytes are copied here: they may change when an append fails while librdkafka still holds the message.
        var message = new Message<Null, byte[]> { Value = slice.Value.ToArray(), Headers = _writeHeader(slice.Header) };
        while (true)
        {
            Task returned = producer.Budget.NextReturn;
            try
            {
                producer.Produce(_options.Topic, slice.Partition, message, append);
                return;
            }
            catch (ProduceException<Null, byte[]> e) when (e.Error.Code == ErrorCode.Local_QueueFull)
            {
                await Task.WhenAny(returned, producer.Broken).WaitAsync(ct).ConfigureAwait(false);
            }
            catch (KafkaException e)
            {
                producer.Budget.Return(message.Value.Length);
                throw Failed(e.Error, ofThisAppend: true, e);
            }
        }
    }

    private LogAppendException Failed(Error? error, bool ofThisAppend, Exception? inner)
    {
        ErrorCode code = error?.Code ?? ErrorCode.Unknown;
        return ofThisAppend && IsPermanent(code)
            ? new LogAppendException(
                $"Cannot append to the topic '{_options.Topic}': {error?.Reason} ({code}). A slice may have at most {_options.MessageBytes} bytes; raise "
                    + "the message size here and in the topic's 'max.message.bytes'.",
                isTransient: false,
                inner)
            : new LogAppendException(
                $"Appending to the topic '{_options.Topic}' at '{_options.BootstrapServers}' was not acknowledged: {error?.Reason} ({code}). "
                    + "Append it again.",
                isTransient: true,
                inner);
    }

    private void OnError(Error error)
    {
        if (error.IsFatal)
        {
            Log.ProducerBroken(_logger, error.Code, error.Reason);
        }
        else if (_errors.TryPass(out int suppressed))
        {
            Log.ProducerError(_logger, error.Code, error.Reason, suppressed);
        }
    }

    private void OnLog(Confluent.Kafka.LogMessage message) => Log.Library(_logger, message.Facility, message.Message);
}
