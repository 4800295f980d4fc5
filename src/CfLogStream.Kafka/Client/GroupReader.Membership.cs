using Confluent.Kafka;

namespace CfLogStream.Kafka.Client;

/// <content>What the group gives and takes, and where partitions are read on.</content>
internal sealed partial class GroupReader<TMessage>
{
    private IConsumer<Ignore, RentedBytes> BuildConsumer()
        => new ConsumerBuilder<Ignore, RentedBytes>(KafkaClients.Consumer(_options, _settings.Group, _readerOptions.CommitInterval))
            .SetValueDeserializer(new RentedBytes.Deserializer())
            .SetPartitionsAssignedHandler((_, given) => Assign(given))
            .SetPartitionsRevokedHandler((_, taken) => Release(taken))
            .SetPartitionsLostHandler((_, lost) => OnLost(lost))
            .SetOffsetsCommittedHandler((_, committed) => OnCommitted(committed))
            .SetErrorHandler((_, error) => OnBackgroundError(error))
            .SetLogHandler((_, message) => Log.Library(_logger, message.Facility, message.Message))
            .Build();

    private List<TopicPartitionOffset> Assign(List<TopicPartition> given)
    {
        if (given.Count > 0)
        {
            _metrics.Rebalanced();
        }

        foreach (TopicPartition id in given)
        {
            var partition = new OwnedPartition<TMessage>(id) { Paused = true };
            _endings.Remove(id, out Task? before);
            Find(partition, _finder.OpenAsync(id, before ?? Task.CompletedTask, partition.Stop.Token));
            _owned[id] = partition;
        }

        _pauseNew = true;
        return [.. given.Select(id => new TopicPartitionOffset(id, 0))];
    }

    private void PauseNew()
    {
        _pauseNew = false;
        TopicPartition[] opening = [.. _owned.Values.Where(partition => partition.Session is null).Select(partition => partition.Id)];
        try
        {
            _consumer.Pause(opening);
        }
        catch (KafkaException e)
        {
            Log.MoveFailed(_logger, opening[0].Topic, opening[0].Partition.Value, e.Error.Code, e.Error.Reason);
        }
    }

    // Called by the library while it polls or closes; the group waits for it.
    private void Release(List<TopicPartitionOffset> taken)
    {
        _metrics.Rebalanced();
        using var limit = new CancellationTokenSource(_readerOptions.DrainLimit, _time);
        var drains = new List<(OwnedPartition<TMessage> Partition, Task Drained)>();
        foreach (TopicPartitionOffset position in taken)
        {
            if (Remove(position.TopicPartition) is not { } partition)
            {
                continue;
            }

            if (partition.Session is { } session)
            {
                drains.Add((partition, Begin(() => session.DrainAsync(limit.Token))));
            }
            else
            {
                AbandonOpening(partition);
            }
        }

        Wait(Task.WhenAll(drains.Select(drain => drain.Drained)), _readerOptions.DrainLimit);
        foreach ((OwnedPartition<TMessage> partition, Task drained) in drains)
        {
            if (drained.IsCompletedSuccessfully)
            {
                Store(partition);
                Log.Released(_logger, partition.Id.Topic, partition.Id.Partition.Value);
            }
            else
            {
                Log.DrainFailed(
                    _logger, drained.Exception?.InnerException, partition.Id.Topic, partition.Id.Partition.Value, _readerOptions.DrainLimit);
                _endings[partition.Id] = Begin(partition.Session!.AbandonAsync);
            }
        }
    }

    private void OnLost(List<TopicPartitionOffset> lost)
    {
        _metrics.Rebalanced();
        Abandon([.. lost.Select(position => position.TopicPartition)]);
    }

    private void Abandon(IReadOnlyList<TopicPartition> ids)
    {
        foreach (TopicPartition id in ids)
        {
            if (Remove(id) is not { } partition)
            {
                continue;
            }

            Log.Abandoned(_logger, id.Topic, id.Partition.Value);
            if (partition.Session is { } session)
            {
                _endings[id] = Begin(session.AbandonAsync);
            }
            else
            {
                AbandonOpening(partition);
            }
        }
    }

    // An opening that was cancelled ends its own session; one that had just succeeded must still be ended.
    private void AbandonOpening(OwnedPartition<TMessage> partition)
    {
        Task<StartPoint<TMessage>> finding = partition.Finding!;
        _endings[partition.Id] = finding.ContinueWith(
            static opened => opened.IsCompletedSuccessfully ? opened.Result.Session.AbandonAsync() : Task.CompletedTask,
            CancellationToken.None,
            TaskContinuationOptions.None,
            TaskScheduler.Default).Unwrap();
    }

    private OwnedPartition<TMessage>? Remove(TopicPartition id)
    {
        if (_owned.Remove(id, out OwnedPartition<TMessage>? partition))
        {
            partition.Stop.Cancel();
            partition.DropHeld();
            _metrics.ClearLag(id.Topic, id.Partition.Value);
        }

        return partition;
    }

    private static Task Begin(Func<Task> end)
    {
        try
        {
            return end();
        }
        catch (Exception e)
        {
            return Task.FromException(e);
        }
    }

    /// <summary>Gives a session's offset to the library, which commits it in its own time.</summary>
    private void Store(OwnedPartition<TMessage> partition)
    {
        if (partition.Session!.CommitOffset is { } offset && offset > partition.Stored)
        {
            try
            {
                _consumer.StoreOffset(new TopicPartitionOffset(partition.Id, offset));
                partition.Stored = offset;
            }
            catch (KafkaException e)
            {
                OnCommitError(e.Error);
            }
        }
    }

    /// <summary>Moves a partition's position. After the library has stopped reading it (an offset out of range) it takes no seek; then the partition is
    /// taken out and put in again.</summary>
    private bool TryMove(TopicPartition id, long offset)
    {
        var position = new TopicPartitionOffset(id, offset);
        try
        {
            _consumer.Seek(position);
            return true;
        }
        catch (KafkaException)
        {
            // As said above.
        }

        try
        {
            _consumer.IncrementalUnassign([id]);
            _consumer.IncrementalAssign([position]);
            return true;
        }
        catch (KafkaException e)
        {
            // The group is taking the partition away, or will let it be moved on the next try.
            Log.MoveFailed(_logger, id.Topic, id.Partition.Value, e.Error.Code, e.Error.Reason);
            return false;
        }
    }

    private void OnCommitted(CommittedOffsets committed)
    {
        Error? error = committed.Error.IsError
            ? committed.Error
            : committed.Offsets.Where(offset => offset.Error.IsError).Select(offset => offset.Error).FirstOrDefault();
        if (error is not null && error.Code != ErrorCode.Local_NoOffset)
        {
            OnCommitError(error);
        }
    }

    private void OnCommitError(Error error)
    {
        _metrics.CommitFailed();
        if (_commitErrors.TryPass(out int suppressed))
        {
            Log.CommitFailed(_logger, error.Code, error.Reason, suppressed);
        }
    }

    private void OnBackgroundError(Error error)
    {
        if (_errors.TryPass(out int suppressed))
        {
            Log.ReadFailed(_logger, error.Code, error.Reason, suppressed);
        }
    }
}
