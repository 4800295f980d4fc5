namespace CfLogStream.Core.Rules;

/// <summary>The fields of one request.</summary>
public interface IRuleFields
{
    /// <summary>Returns a field's value; null when it is not known.</summary>
    RuleValue? Find(string name);
}
