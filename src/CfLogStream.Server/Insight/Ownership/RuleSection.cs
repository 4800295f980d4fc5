namespace CfLogStream.Server.Insight.Ownership;

/// <summary>Which rule: by control, id, reference or description; what is given must all fit.</summary>
public sealed record RuleSection
{
    /// <summary>The control as Cloudflare logs it, for instance <c>firewallcustom</c>. Alone it means all of its rules.</summary>
    /// <value>any.</value>
    public string Control { get; init; } = "";

    /// <summary>The rule's id.</summary>
    /// <value>any.</value>
    public string Id { get; init; } = "";

    /// <summary>The rule's reference, which stays when the rule is edited.</summary>
    /// <value>any.</value>
    public string Ref { get; init; } = "";

    /// <summary>The rule's description, with <c>*</c> for any run of characters; case does not matter.</summary>
    /// <value>any.</value>
    public string Description { get; init; } = "";

    /// <summary>Whether nothing of it is given.</summary>
    internal bool IsEmpty => Control.Length == 0 && Id.Length == 0 && Ref.Length == 0 && Description.Length == 0;
}
