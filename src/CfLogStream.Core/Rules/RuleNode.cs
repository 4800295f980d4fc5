namespace CfLogStream.Core.Rules;

/// <summary>A node of an expression of Cloudflare's Rules language.</summary>
/// <param name="Position">Where it begins in the text, 0-based.</param>
public abstract record RuleNode(int Position)
{
    /// <summary>The nodes directly below, in the order of the text.</summary>
    public virtual IEnumerable<RuleNode> Children => [];

    /// <summary>Returns this node and everything below it, in the order of the text.</summary>
    public IEnumerable<RuleNode> DescendantsAndSelf()
    {
        var stack = new Stack<RuleNode>();
        stack.Push(this);
        while (stack.TryPop(out RuleNode? node))
        {
            yield return node;
            foreach (RuleNode child in node.Children.Reverse())
            {
                stack.Push(child);
            }
        }
    }
}
