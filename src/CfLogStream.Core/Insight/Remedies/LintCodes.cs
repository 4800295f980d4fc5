namespace CfLogStream.Core.Insight.Remedies;

/// <summary>The words of <see cref="LintWarning.Code"/>.</summary>
public static class LintCodes
{
    public const string Unreadable = "unreadable";
    public const string AlwaysTrue = "always_true";
    public const string WholeZone = "whole_zone";
    public const string WholeHost = "whole_host";
    public const string NoHost = "no_host";
    public const string BroadPath = "broad_path";
    public const string NoMethod = "no_method";
    public const string NeverExpires = "never_expires";
    public const string UserAgentOnly = "user_agent_only";
    public const string CountryOnly = "country_only";
    public const string NoClientProperty = "no_client_property";
    public const string WideNetwork = "wide_network";
    public const string NegatedScope = "negated_scope";
    public const string OrWidens = "or_widens";
    public const string TooComplex = "too_complex";
}
