namespace CfLogStream.Generator.Simulation;

/// <summary>What is wrong with a request's content.</summary>
internal enum Payload
{
    None,
    Probe,
    SqlInjection,
    CrossSiteScripting,
    RemoteCode,
    FileInclusion,
}
