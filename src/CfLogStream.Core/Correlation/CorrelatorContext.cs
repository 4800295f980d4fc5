namespace CfLogStream.Core.Correlation;

/// <summary>What the parts of one correlator share: options, sink, interned texts and keys, storage, and the place in the log.</summary>
internal sealed class CorrelatorContext
{
    public CorrelatorContext(CorrelationOptions options, IRowSink sink, uint partition)
    {
        Options = options;
        Sink = sink;
        Partition = partition;
        HorizonNs = options.JoinHorizon.Ticks * 100;
        Endpoints = new EndpointPool(Texts);
        Memo = new DimensionMemo(Endpoints, Clients);
    }

    public CorrelationOptions Options { get; }

    public IRowSink Sink { get; }

    public uint Partition { get; }

    public long HorizonNs { get; }

    public TextPool Texts { get; } = new();

    public EndpointPool Endpoints { get; }

    public ClientPool Clients { get; } = new();

    public DimensionMemo Memo { get; }

    public RulePool Rules { get; } = new();

    public CallerSets Callers { get; } = new();

    public RecordStore Records { get; } = new();

    public Slab<Match> Matches { get; } = new(granule: 2, chunkBits: 13, elementBytes: 28);

    public ItemPool<KeptItem> KeptItems { get; } = new();

    public long BytesHeld => Memo.BytesHeld + Callers.BytesHeld + Records.BytesHeld + Matches.BytesHeld + KeptItems.BytesHeld;

    /// <summary>The offset being processed: what enters a row now has the version one above it.</summary>
    public long Offset { get; set; } = -1;

    /// <summary>Windows opened so far; a window that is opened again for another time gets a new number.</summary>
    public long WindowSerial { get; set; }

    public ulong Version => (ulong)(Offset + 1);
}
