namespace CfLogStream.Cli.Terminal;

/// <summary>Whoever read standard output has closed it (<c>| head</c>). The process ends without a word.</summary>
internal sealed class ReaderGoneException : IOException
{
    public ReaderGoneException(Exception cause)
        : base("The reader of standard output has gone away.", cause)
    {
    }
}
