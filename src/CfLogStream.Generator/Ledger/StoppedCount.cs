using CfLogStream.Generator.Simulation;
using CfLogStream.Generator.World;

namespace CfLogStream.Generator.Ledger;

/// <summary>What one rule stopped of one client from one network on one host.</summary>
internal sealed class StoppedCount(Rule rule, ControlAction action, Host host, ClientIdentity client, uint asn)
{
    public Rule Rule => rule;

    public ControlAction Action => action;

    public Host Host => host;

    public ClientIdentity Client => client;

    public uint Asn => asn;

    public long Legitimate { get; set; }

    public long Attack { get; set; }
}
