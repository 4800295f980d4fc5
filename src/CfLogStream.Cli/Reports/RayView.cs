namespace CfLogStream.Cli.Reports;

/// <summary>How a ray is shown.</summary>
/// <param name="All">Whether everything that is stored is shown.</param>
/// <param name="Zone">The zone its time is shown in, beside UTC.</param>
/// <param name="StoreWords">The words by which the next command finds the same store.</param>
internal sealed record RayView(bool All, TimeZoneInfo Zone, string StoreWords);
