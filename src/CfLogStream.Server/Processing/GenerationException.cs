namespace CfLogStream.Server.Processing;

/// <summary>The configured generation is older than the one that the rows were written under.</summary>
public sealed class GenerationException : Exception
{
    public GenerationException(string message)
        : base(message)
    {
    }
}
