using CfLogStream.Core.Traffic;

namespace CfLogStream.Core.Correlation;

/// <summary>Who calls: client class, client name and trust.</summary>
public sealed record ClientKey(Utf8Text Class, Utf8Text Name, Trust Trust);
