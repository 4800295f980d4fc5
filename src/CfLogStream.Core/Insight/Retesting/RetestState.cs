namespace CfLogStream.Core.Insight.Retesting;

/// <summary>Whether a client gets through after a change.</summary>
public enum RetestState
{
    /// <summary>No record of any client has come since: nothing can be said.</summary>
    NoData,

    /// <summary>Records come, but none of this client.</summary>
    Silent,

    /// <summary>The client called, but too few times to be sure of anything.</summary>
    TooLittleData,

    /// <summary>The rule that stopped it before still does.</summary>
    StillStopped,

    /// <summary>The rule that stopped it before does so no more, but another one does.</summary>
    Moved,

    /// <summary>So few calls are lost, if any, that the true rate of loss is bounded as wanted.</summary>
    Fixed,
}
