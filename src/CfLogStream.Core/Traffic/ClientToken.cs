namespace CfLogStream.Core.Traffic;

/// <summary>A user-agent token that names a client.</summary>
/// <param name="Token">Case-insensitive; <c>^</c> in front anchors it at the start, <c>=</c> demands the whole user agent.</param>
/// <param name="Class">The client class, for instance <c>webhook</c> or <c>sdk</c>.</param>
/// <param name="Name">The client name, for instance <c>stripe</c>.</param>
/// <param name="Source">Where this is known from.</param>
public sealed record ClientToken(string Token, string Class, string Name, string Source);
