using CfLogStream.Core.Logpush;

namespace CfLogStream.Core.Traffic;

/// <summary>Turns read records into classified ones: endpoint, surface, client, caller, controls and outcome.</summary>
/// <remarks>One instance per thread; the settings behind it are shared and immutable.</remarks>
public sealed class TrafficClassifier
{
    private readonly ClassificationSettings _settings;

    public TrafficClassifier(ClassificationSettings settings)
    {
        _settings = settings;
    }

    /// <summary>Classifies an http_requests or firewall_events record and appends it to the batch.</summary>
    public void Classify(LogRecord record, TrafficBatch batch)
    {
        throw new NotImplementedException();
    }
}
