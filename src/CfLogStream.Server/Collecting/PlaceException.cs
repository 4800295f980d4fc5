namespace CfLogStream.Server.Collecting;

/// <summary>A place did not give what was asked of it.</summary>
internal sealed class PlaceException : Exception
{
    public PlaceException(PlaceFailure failure, string message, Exception? cause = null)
        : base(message, cause)
    {
        Failure = failure;
    }

    public PlaceFailure Failure { get; }
}
