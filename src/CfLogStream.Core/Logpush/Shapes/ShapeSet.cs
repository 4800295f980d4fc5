namespace CfLogStream.Core.Logpush.Shapes;

/// <summary>The shapes a reader knows, the last one met first; learns new ones from lines that had none of them.</summary>
/// <remarks>
/// Learning allocates, and costs as much as reading some records the general way. It is paid from a credit, which lines earn back slowly:
/// a log without any regularity is read the general way, and a job that changes is learnt anew whenever it does.
/// </remarks>
internal sealed class ShapeSet(KeyTable keys, int extraFields)
{
    private const int MaxShapes = 8;
    private const int LearningCost = 64 * 1024;
    private const int MaxCredit = 48 * LearningCost;

    private RecordShape[] _shapes = [];
    private int _credit = MaxCredit;

    public ReadOnlySpan<RecordShape> Shapes => _shapes;

    /// <summary>Notes that a line had a shape, and moves the shape to the front.</summary>
    public void Met(int index)
    {
        if (_credit < MaxCredit)
        {
            _credit++;
        }

        if (index > 0)
        {
            RecordShape shape = _shapes[index];
            _shapes.AsSpan(0, index).CopyTo(_shapes.AsSpan(1));
            _shapes[0] = shape;
        }
    }

    /// <summary>Learns the shape of a well-formed line that had none of the known ones.</summary>
    public void Learn(ReadOnlySpan<byte> line)
    {
        if (!TryPay() || !ShapeBuilder.TryRead(line, RecordShape.MaxMembers, out Member[]? members))
        {
            return;
        }

        var meanings = new KeyMeaning[members.Length];
        for (int i = 0; i < members.Length; i++)
        {
            meanings[i] = keys.Meaning(keys.Find(members[i].Key, learn: false));
            if (meanings[i].Aside >= 0)
            {
                // Old names need the general way, which knows what stands in for what.
                return;
            }
        }

        int known = 0;
        while (known < _shapes.Length && !HasKeys(_shapes[known], members))
        {
            known++;
        }

        if (known == _shapes.Length)
        {
            _shapes = [new RecordShape(members, meanings, extraFields, new Dictionary<int, NestedShapes>()), .. _shapes.Take(MaxShapes - 1)];
            return;
        }

        RecordShape before = _shapes[known];
        for (int i = 0; i < members.Length; i++)
        {
            members[i] = members[i] with { Kind = Member.Cover(members[i].Kind, before.Members[i].Kind) };
        }

        _shapes[known] = new RecordShape(members, meanings, extraFields, before.NestedByMember);
    }

    /// <summary>Learns the shape of an object inside a line that was read by its shape.</summary>
    /// <param name="json">The bytes from the object on.</param>
    public void LearnNested(NestedShapes shapes, ReadOnlySpan<byte> json)
    {
        if (TryPay()
            && ShapeBuilder.TryRead(json[..JsonValue.SkipValue(json, 0)], RecordShape.MaxMembers, out Member[]? members)
            && !members.Any(member => member.Kind == MemberKind.Nested))
        {
            shapes.Add(new MemberRun(members, opens: true));
        }
    }

    private static bool HasKeys(RecordShape shape, Member[] members)
    {
        if (shape.Members.Length != members.Length)
        {
            return false;
        }

        for (int i = 0; i < members.Length; i++)
        {
            if (!shape.Members[i].Key.AsSpan().SequenceEqual(members[i].Key))
            {
                return false;
            }
        }

        return true;
    }

    private bool TryPay()
    {
        if (_credit < LearningCost)
        {
            // Earned here too: otherwise nothing would ever be learnt again once no line has a shape.
            _credit++;
            return false;
        }

        _credit -= LearningCost;
        return true;
    }
}
