namespace CfLogStream.Server.Collecting;

/// <summary>What kind of failure a place has answered with.</summary>
internal enum PlaceFailure
{
    /// <summary>It may go by itself: no answer, an overloaded server, a cut body.</summary>
    Transient = 0,

    /// <summary>The object is not there any more as it was listed.</summary>
    Gone,

    /// <summary>The place understood and refuses: a person must act, or the object is not meant to be read.</summary>
    Refused,
}
