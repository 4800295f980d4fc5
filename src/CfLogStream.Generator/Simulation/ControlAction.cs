namespace CfLogStream.Generator.Simulation;

/// <summary>What an action does to a request.</summary>
internal enum ActionEffect
{
    Skip,
    Log,
    Solved,
    Challenge,
    Block,
    Drop,
}

/// <summary>An action, in the spelling of each dataset.</summary>
internal sealed record ControlAction(string Name, byte[] Event, byte[] Http, ActionEffect Effect)
{
    public static readonly ControlAction Skip = Of("skip", "skip", ActionEffect.Skip);
    public static readonly ControlAction Log = Of("log", "log", ActionEffect.Log);
    public static readonly ControlAction Block = Of("block", "block", ActionEffect.Block);
    public static readonly ControlAction ManagedChallenge = Of("managedchallenge", "managedChallenge", ActionEffect.Challenge);
    public static readonly ControlAction JsChallenge = Of("jschallenge", "jschallenge", ActionEffect.Challenge);
    public static readonly ControlAction Challenge = Of("challenge", "challenge", ActionEffect.Challenge);
    public static readonly ControlAction Solved = Of("managedchallengenoninteractivesolved", "managedChallengeNonInteractiveSolved",
        ActionEffect.Solved);
    public static readonly ControlAction SolvedByHand = Of("managedchallengeinteractivesolved", "managedChallengeInteractiveSolved",
        ActionEffect.Solved);
    public static readonly ControlAction Bypassed = Of("managedchallengebypassed", "managedChallengeBypassed", ActionEffect.Solved);
    public static readonly ControlAction JsSolved = Of("jschallengesolved", "jschallengeSolved", ActionEffect.Solved);
    public static readonly ControlAction JsBypassed = Of("jschallengebypassed", "jschallengeBypassed", ActionEffect.Solved);
    public static readonly ControlAction ChallengeSolved = Of("challengesolved", "challengeSolved", ActionEffect.Solved);
    public static readonly ControlAction ChallengeBypassed = Of("challengebypassed", "challengeBypassed", ActionEffect.Solved);
    public static readonly ControlAction ConnectionClose = Of("connectionclose", "connectionClose", ActionEffect.Drop);

    /// <summary>Whether the request ends here.</summary>
    public bool Terminates => Effect >= ActionEffect.Challenge;

    /// <summary>What is logged when the proof of having solved this challenge comes with a later request.</summary>
    public ControlAction WhenBypassed => Name switch
    {
        "jschallenge" => JsBypassed,
        "challenge" => ChallengeBypassed,
        _ => Bypassed,
    };

    private static ControlAction Of(string name, string http, ActionEffect effect) =>
        new(name, System.Text.Encoding.ASCII.GetBytes(name), System.Text.Encoding.ASCII.GetBytes(http), effect);
}
