namespace CfLogStream.Generator;

/// <summary>How far uploads are from the order in which things happened.</summary>
public enum Disorder
{
    /// <summary>Every batch is in order, nothing is late, nothing comes twice.</summary>
    None,

    /// <summary>What was observed of Logpush: a lag of about 90 seconds, records up to 40 seconds out of order within a batch, a batch
    /// sent again now and then.</summary>
    Typical,

    /// <summary>Lags up to several minutes, many batches sent again, some batches held back for many minutes.</summary>
    Heavy,
}
