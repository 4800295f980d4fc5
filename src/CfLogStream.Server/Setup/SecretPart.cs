namespace CfLogStream.Server.Setup;

/// <summary>A part of a destination: text as it stands, or an environment variable whose value is put in its place when the job is made.</summary>
/// <param name="Text">The text, or the name of the variable.</param>
/// <param name="IsVariable">Whether it is a variable; its value is a secret and is percent-encoded.</param>
public readonly record struct SecretPart(string Text, bool IsVariable);
