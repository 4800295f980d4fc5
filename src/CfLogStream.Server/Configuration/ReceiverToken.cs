namespace CfLogStream.Server.Configuration;

/// <summary>A token that is good for sending.</summary>
/// <param name="Source">The name that what is sent with it has.</param>
/// <param name="TokenEnv">The name of the environment variable that holds the token.</param>
/// <param name="TokenFile">A file that holds the token; line ends at its end are dropped.</param>
public sealed record ReceiverToken(string Source, string TokenEnv, string TokenFile)
{
    /// <summary>The token that the reference led to. It is no key of the file.</summary>
    public Secret Token { get; init; } = Secret.None;
}
