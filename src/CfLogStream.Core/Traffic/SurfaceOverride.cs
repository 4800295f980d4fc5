namespace CfLogStream.Core.Traffic;

/// <summary>The user's word on what endpoints are for.</summary>
/// <param name="Host">A host name, <c>*.example.com</c>, or empty for every host.</param>
/// <param name="PathPrefix">A path prefix, for instance <c>/api/</c>; empty for every path.</param>
/// <param name="Surface">What matching endpoints are for.</param>
public sealed record SurfaceOverride(string Host, string PathPrefix, Surface Surface);
