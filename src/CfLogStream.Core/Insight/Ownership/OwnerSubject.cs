namespace CfLogStream.Core.Insight.Ownership;

/// <summary>What an entry is about, the least specific first.</summary>
public enum OwnerSubject
{
    Zone,
    Host,
    Path,
    Exemption,
    Rule,
}
