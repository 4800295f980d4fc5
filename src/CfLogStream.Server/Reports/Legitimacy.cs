namespace CfLogStream.Server.Reports;

/// <summary>A first judgement whether stopped traffic is likely legitimate, from class, trust and attack scores; never from the outcome.</summary>
public static class Legitimacy
{
    /// <summary>Says whether traffic speaks for a legitimate client.</summary>
    /// <param name="scored">Matches that the WAF scored.</param>
    /// <param name="attacks">Of those, scored 1–20.</param>
    /// <remarks>Classes that announce themselves as attack tools or hide as browsers are not; contradicted signals are not; nor is
    /// traffic of which the WAF scores at least half as attacks.</remarks>
    public static bool IsLikely(string clientClass, string trust, ulong scored, ulong attacks)
    {
        if (trust == "contradicted" || (scored > 0 && attacks * 2 >= scored))
        {
            return false;
        }

        return clientClass switch
        {
            "scanner" or "browser_claimed" or "headless" or "load_test" or "crawler" or "unknown" => false,
            _ => true,
        };
    }
}
