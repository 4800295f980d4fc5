namespace CfLogStream.Server.Doctor;

/// <summary>What one check has found.</summary>
/// <param name="Check">What was looked at, for instance <c>http_requests fields</c>.</param>
/// <param name="Found">What was found: a sentence without its full stop.</param>
/// <param name="Cost">What that costs: a clause; empty where nothing is lost.</param>
/// <param name="Action">What to do: full sentences; empty where nothing is to be done.</param>
public sealed record Finding(FindingLevel Level, string Check, string Found, string Cost, string Action)
{
    public static Finding Ok(string check, string found) => new(FindingLevel.Ok, check, found, "", "");

    public static Finding Warning(string check, string found, string cost, string action) => new(FindingLevel.Warning, check, found, cost, action);

    public static Finding Problem(string check, string found, string cost, string action) => new(FindingLevel.Problem, check, found, cost, action);

    /// <summary>The finding on one line, without its level; text from outside is not escaped.</summary>
    public override string ToString() => $"{Check}: {Found}{(Cost.Length > 0 ? ": " + Cost : "")}.{(Action.Length > 0 ? " " + Action : "")}";
}
