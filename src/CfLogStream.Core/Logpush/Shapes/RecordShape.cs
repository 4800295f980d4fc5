namespace CfLogStream.Core.Logpush.Shapes;

/// <summary>The keys of a record in their order, with what each value is expected to be; what records of one job have in common.</summary>
/// <remarks>Immutable but for its <see cref="NestedShapes"/>. Belongs to one reader.</remarks>
internal sealed class RecordShape
{
    /// <summary>The most members of a shape: slots are numbered in a byte, of which 0 is the absent one.</summary>
    public const int MaxMembers = 255;

    /// <summary>Makes a shape.</summary>
    /// <param name="members">The members of the record itself, at least one.</param>
    /// <param name="meanings">What the reader does with each.</param>
    /// <param name="extraFields">How many extra fields the reader has.</param>
    /// <param name="nested">The shapes of nested members known before, by member; may be empty.</param>
    public RecordShape(
        Member[] members, KeyMeaning[] meanings, int extraFields, IReadOnlyDictionary<int, NestedShapes> nested)
    {
        Members = members;
        FieldMap = new byte[(int)LogField.Count];
        ExtraMap = new byte[extraFields];
        Kinds = new FieldKind[members.Length + 1];
        DatasetEvidence evidence = DatasetEvidence.None;
        for (int i = 0; i < members.Length; i++)
        {
            // The last of duplicate keys wins.
            if (meanings[i].Field >= 0)
            {
                FieldMap[meanings[i].Field] = (byte)(i + 1);
            }

            if (meanings[i].Extra >= 0)
            {
                ExtraMap[meanings[i].Extra] = (byte)(i + 1);
            }

            evidence |= meanings[i].Evidence;
            Kinds[i + 1] = members[i].Kind == MemberKind.Text ? FieldKind.Text : FieldKind.Number;
        }

        Dataset = DatasetRecognition.From(evidence);
        var runs = new List<MemberRun>();
        var objects = new List<NestedShapes>();
        int start = 0;
        for (int i = 0; i < members.Length; i++)
        {
            if (members[i].Kind == MemberKind.Nested)
            {
                NestedShapes shapes = nested.GetValueOrDefault(i) ?? new NestedShapes();
                NestedByMember[i] = shapes;
                objects.Add(shapes);
                runs.Add(new MemberRun(members[start..(i + 1)], opens: start == 0));
                start = i + 1;
            }
        }

        if (start < members.Length)
        {
            runs.Add(new MemberRun(members[start..], opens: start == 0));
        }

        Runs = [.. runs];
        Objects = [.. objects];
    }

    public Member[] Members { get; }

    /// <summary>Per <see cref="LogField"/>, its slot; 0 when the shape does not have it.</summary>
    public byte[] FieldMap { get; }

    /// <summary>Per extra field, its slot; 0 when the shape does not have it.</summary>
    public byte[] ExtraMap { get; }

    /// <summary>Per slot, the expected kind; those of other and nested members are set for each record.</summary>
    public FieldKind[] Kinds { get; }

    public Dataset Dataset { get; }

    /// <summary>The members cut behind every nested one.</summary>
    public MemberRun[] Runs { get; }

    /// <summary>For each run that ends with a nested member, the shapes of that one.</summary>
    public NestedShapes[] Objects { get; }

    /// <summary>The shapes of nested members by member.</summary>
    public Dictionary<int, NestedShapes> NestedByMember { get; } = [];
}
