using System.Globalization;

namespace CfLogStream.Core.Insight.Remedies;

/// <summary>Small pieces of text that remedies are put together from.</summary>
internal static class RemedyText
{
    /// <summary>Stands where the rule's own expression goes: no field of this name exists, so that Cloudflare refuses it when forgotten.</summary>
    public const string OwnExpression = "EXPRESSION_OF_THE_RULE";

    private const int MaxDescription = 200;

    public static string Day(DateTime time) => time.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    public static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>Returns a rule's id for a path or payload; a placeholder when it does not look like one.</summary>
    public static string RuleId(string id) =>
        id.Length is > 0 and <= 64 && id.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_') ? id : "{rule_id}";

    /// <summary>Whether it is the id of a rule of the Ruleset Engine: 32 hexadecimal digits.</summary>
    public static bool IsRulesetId(string id) => id.Length == 32 && id.All(char.IsAsciiHexDigitLower);

    /// <summary>Returns the API's spelling of a folded action; empty when it is no action of a rule.</summary>
    public static string ApiAction(string folded) => folded switch
    {
        "block" => "block",
        "managedchallenge" => "managed_challenge",
        "jschallenge" => "js_challenge",
        "challenge" => "challenge",
        "log" => "log",
        _ => "",
    };

    /// <summary>Says what a trial showed.</summary>
    public static string Trial(RemedyTrial trial) => string.Create(
        CultureInfo.InvariantCulture,
        $"Tried on {trial.Requests} requests that the rule stopped: it frees {trial.Freed:0.#%} of the wrongly stopped; {trial.Attacks:0.#%} of what it frees looks rightly stopped, {trial.MostAttacks:0.#%} at most.");

    /// <summary>Names a rule for people; the description is log text.</summary>
    public static string Name(string control, string description, string id)
    {
        string name = description.Length > MaxDescription ? description[..MaxDescription] : description;
        return name.Length > 0 ? $"{control} \"{name}\" ({id})" : id.Length > 0 ? $"{control} ({id})" : control;
    }
}
