using System.Globalization;
using System.Text;
using CfLogStream.Core;
using CfLogStream.Core.Insight.Changes;

namespace CfLogStream.Server.Insight.Changes;

/// <summary>A change that is marked by hand.</summary>
public sealed record ChangeMark
{
    /// <summary>When it was made, UTC.</summary>
    public required DateTime Time { get; init; }

    /// <summary>What was done, in words.</summary>
    public required string Text { get; init; }

    public string Zone { get; init; } = "";

    /// <summary>The folded control; empty when it concerns none.</summary>
    public string Control { get; init; } = "";

    public string Rule { get; init; } = "";

    public string Ticket { get; init; } = "";

    public string Owner { get; init; } = "";

    /// <summary>Who marks it.</summary>
    public string Actor { get; init; } = "";

    /// <summary>The mark's id: a function of what it says, so that marking the same again changes nothing.</summary>
    public string Id
    {
        get
        {
            ulong hash = StableHash.Of((ulong)Time.Ticks);
            foreach (string part in (string[])[Text, Zone, Control, Rule])
            {
                hash = StableHash.Combine(hash, StableHash.Of(Encoding.UTF8.GetBytes(part)));
            }

            return string.Create(CultureInfo.InvariantCulture, $"mark-{hash:x16}");
        }
    }

    internal ChangeEntry ToEntry(ulong version) => new()
    {
        TimeNs = (Time.Ticks - DateTime.UnixEpoch.Ticks) * 100,
        Id = Id,
        Zone = Zone,
        Source = "manual",
        Kind = "marked",
        Control = Control,
        RuleId = Rule,
        Actor = Actor,
        ActorKind = "person",
        Summary = Text,
        Owner = Owner,
        Ticket = Ticket,
        Version = version,
    };
}
