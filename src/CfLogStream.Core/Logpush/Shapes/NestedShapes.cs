namespace CfLogStream.Core.Logpush.Shapes;

/// <summary>The flat shapes that the object of one member was seen in, the last one met first.</summary>
internal sealed class NestedShapes
{
    private const int MaxVariants = 16;
    private MemberRun[] _variants = [];

    public ReadOnlySpan<MemberRun> Variants => _variants;

    /// <summary>Moves a variant to the front.</summary>
    public void Prefer(int variant)
    {
        if (variant > 0)
        {
            MemberRun run = _variants[variant];
            _variants.AsSpan(0, variant).CopyTo(_variants.AsSpan(1));
            _variants[0] = run;
        }
    }

    /// <summary>Adds a variant at the front; the one met longest ago makes room.</summary>
    public void Add(MemberRun run) => _variants = [run, .. _variants.Take(MaxVariants - 1)];
}
