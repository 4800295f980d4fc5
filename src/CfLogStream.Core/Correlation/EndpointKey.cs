using CfLogStream.Core.Traffic;

namespace CfLogStream.Core.Correlation;

/// <summary>An endpoint: zone, host, method and path template; the surface follows from it.</summary>
public sealed record EndpointKey(Utf8Text Zone, Utf8Text Host, Utf8Text Method, Utf8Text Path, Surface Surface);
