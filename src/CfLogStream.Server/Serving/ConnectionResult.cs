namespace CfLogStream.Server.Serving;

/// <summary>What came of trying a connection.</summary>
/// <param name="Key">The key of the configuration that names it.</param>
/// <param name="Target">What was tried.</param>
/// <param name="Text">What answered, or why nothing did.</param>
public sealed record ConnectionResult(string Key, string Target, bool IsOk, string Text);
