using CfLogStream.Generator.Records;
using CfLogStream.Generator.Simulation.Actors;
using CfLogStream.Generator.World;

namespace CfLogStream.Generator.Simulation;

/// <summary>A request of the simulated world with all that its records need.</summary>
/// <remarks>One object serves all requests in turn: an actor fills who and what, the simulation fills how it was answered, the writers
/// read it.</remarks>
internal sealed class Request
{
    public const int MaxMatches = 4;

    // Who: filled by the actor.
    public Actor Actor = null!;
    public ClientIdentity Client = null!;
    public int Caller;
    public ulong CallerHash;
    public Network Network = null!;
    public City City = null!;
    public Fingerprint Fingerprint = null!;

    /// <summary>Place of the fingerprint among the actor's.</summary>
    public int Program;
    public readonly TextBuffer Ip = new();
    public readonly TextBuffer UserAgent = new();

    // What: filled by the actor.
    public long StartMs;
    public Endpoint Endpoint = null!;
    public ulong Id;
    public readonly TextBuffer Path = new();
    public readonly TextBuffer Query = new();
    public readonly TextBuffer Referer = new();
    public readonly TextBuffer RequestedWith = new();

    /// <summary>Members of the RequestHeaders object, as JSON.</summary>
    public readonly RecordBuffer Headers = new(1024);
    public byte[] Method = [];

    /// <summary>0 for the endpoint's own method, else 1 + its place in <see cref="HostileTexts.Methods"/>.</summary>
    public int OtherMethod;
    public byte[] Source = [];
    public byte[] IpClass = [];
    public byte[] VerifiedBot = [];
    public Payload Payload;

    /// <summary>Whether the path is one that nobody but a scanner asks for.</summary>
    public bool SensitivePath;
    public bool Secure;

    /// <summary>Whether the job leaves the TLS fingerprints empty.</summary>
    public bool WithoutFingerprints;
    public bool Preflight;
    public bool Solvable;

    /// <summary>How likely a challenge that can be solved is solved.</summary>
    public double SolveChance;
    public ulong ParentRay;

    // How it was answered: filled by the simulation.
    public ulong Ray;
    public readonly RuleMatch[] Matches = new RuleMatch[MaxMatches];
    public int MatchCount;
    public TrueOutcome Outcome;
    public bool Lost;
    public int EdgeStatus;
    public int OriginStatus;
    public byte[] ContentType = [];
    public byte[] CacheStatus = [];
    public byte[] OriginIp = [];
    public long RequestBytes;
    public long BodyBytes;
    public int FirstByteMs;
    public int DurationMs;
    public int OriginMs;
    public int Subrequests;
    public int BotScore;
    public byte[] BotScoreSource = [];
    public byte[] BotTag = [];
    public int WafScore;
    public int WafSqli;
    public int WafXss;
    public int WafRce;

    /// <summary>The match that ended the request; null when it went on.</summary>
    public Rule? Terminating => MatchCount > 0 && Matches[MatchCount - 1].Action.Terminates ? Matches[MatchCount - 1].Rule : null;

    public bool IsSubrequest => ParentRay != 0;

    /// <summary>Uses another method than the endpoint's: one of <see cref="HostileTexts.Methods"/>.</summary>
    public void SetMethod(int index)
    {
        Method = HostileTexts.Methods[index];
        OtherMethod = index + 1;
    }

    public void Match(Rule rule, ControlAction action, ulong originator = 0)
    {
        if (MatchCount < MaxMatches)
        {
            Matches[MatchCount++] = new RuleMatch { Rule = rule, Action = action, OriginatorRay = originator };
        }
    }
}
