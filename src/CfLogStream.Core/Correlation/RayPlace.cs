namespace CfLogStream.Core.Correlation;

/// <summary>Where a request's ray is remembered.</summary>
/// <param name="Slot">The slot of its entry while its record is being added, else -1.</param>
/// <param name="Detail">Its <see cref="RayDetail"/>, or -1 when it has none.</param>
internal readonly record struct RayPlace(int Slot, int Detail);
