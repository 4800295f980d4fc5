namespace CfLogStream.Core.Correlation;

/// <summary>An interned endpoint with the numbers of the texts that admission asks for.</summary>
/// <param name="Key">What rows show.</param>
/// <param name="Zone">The zone's number in the <see cref="TextPool"/>; a reference is held.</param>
/// <param name="Host">The host's number; a reference is held.</param>
/// <param name="Template">The template's number; a reference is held.</param>
internal readonly record struct EndpointItem(EndpointKey Key, int Zone, int Host, int Template);
