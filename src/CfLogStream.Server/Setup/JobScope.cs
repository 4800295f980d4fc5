namespace CfLogStream.Server.Setup;

/// <summary>What jobs are made for: a zone, by id or by name, or an account.</summary>
/// <param name="IsAccount">Whether it is an account.</param>
/// <param name="Value">The id, or the name of a zone.</param>
public sealed record JobScope(bool IsAccount, string Value)
{
    /// <summary>Whether the id is given, and not a name of which it must be asked.</summary>
    public bool HasId => Value.Length == 32 && Value.All(char.IsAsciiHexDigit);

    /// <summary>The word in the API's paths.</summary>
    public string Word => IsAccount ? "accounts" : "zones";
}
