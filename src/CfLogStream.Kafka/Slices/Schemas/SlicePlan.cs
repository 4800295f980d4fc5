using CfLogStream.Core.Logpush;

namespace CfLogStream.Kafka.Slices.Schemas;

/// <summary>How to go through the bytes of slices written with one schema. Immutable and shared.</summary>
/// <remarks>Made once per schema: a field that this version does not know is a step that skips it; a field that the writer did not
/// have is no
/// step, and so stays absent.</remarks>
internal sealed class SlicePlan
{
    private const int MaxDigits = 20;
    private const int MaxBranches = sizeof(uint) * 8 / RecordStep.BranchBits;

    public SlicePlan(AvroSchema root, SliceKind kind)
    {
        Root = root.Fields;
        SourceAt = IndexOf(root, "source", AvroType.String, kind);
        ReceivedAt = IndexOf(root, "received_ns", AvroType.Long, kind);
        RecordsAt = IndexOf(root, "records", AvroType.Array, kind);
        AvroSchema record = Root[RecordsAt].Type.Parts[0];
        Steps = [.. record.Fields.Select(field => StepOf(field, kind))];
        HeadSteps = Steps.TakeWhile(step => step.Op is RecordOp.TimeNs or RecordOp.Position or RecordOp.IsCopy).Count();
        DigitRoom = Steps.Count(step => step.Op == RecordOp.Value) * MaxDigits;
        MinRecordBytes = Math.Max(record.MinBytes, 1);
    }

    /// <summary>The slice's own fields.</summary>
    public IReadOnlyList<AvroField> Root { get; }

    public int SourceAt { get; }

    public int ReceivedAt { get; }

    public int RecordsAt { get; }

    /// <summary>A record's fields in their order.</summary>
    public RecordStep[] Steps { get; }

    /// <summary>The first steps that are about the record and not its fields.</summary>
    public int HeadSteps { get; }

    /// <summary>The bytes that all numbers of a record have when they are written as digits.</summary>
    public int DigitRoom { get; }

    /// <summary>The fewest bytes of a record.</summary>
    public int MinRecordBytes { get; }

    private static int IndexOf(AvroSchema root, string name, AvroType type, SliceKind kind)
    {
        for (int i = 0; i < root.Fields.Count; i++)
        {
            if (root.Fields[i].Name == name && root.Fields[i].Type.Type == type)
            {
                return i;
            }
        }

        Throw.UnusableSchema(kind, $"it has no field '{name}' of its type");
        return -1;
    }

    private static RecordStep StepOf(AvroField field, SliceKind kind)
    {
        if (kind == SliceKind.DeadLetters)
        {
            return PlainStep(field, kind, DeadLetterOp(field.Name));
        }

        switch (field.Name)
        {
            case "time_ns":
                return PlainStep(field, kind, (RecordOp.TimeNs, AvroType.Long));
            case "position":
                return PlainStep(field, kind, (RecordOp.Position, AvroType.Long));
            case "is_copy":
                return PlainStep(field, kind, (RecordOp.IsCopy, AvroType.Boolean));
            case "extra_fields":
                bool isTexts = field.Type.Type == AvroType.Map && field.Type.Parts[0].Type == AvroType.String;
                return isTexts ? new RecordStep(RecordOp.Extras, default, 0, 0, field.Type) : Unusable(field, kind);
            default:
                return TryFindField(field.Name, out LogField known)
                    ? ValueStep(field, kind, known)
                    : new RecordStep(RecordOp.Skip, default, 0, 0, field.Type);
        }
    }

    private static (RecordOp Op, AvroType Type) DeadLetterOp(string name) => name switch
    {
        "reason" => (RecordOp.Reason, AvroType.String),
        "dataset" => (RecordOp.Dataset, AvroType.String),
        "time_ns" => (RecordOp.LetterTimeNs, AvroType.Long),
        "position" => (RecordOp.Position, AvroType.Long),
        "line_number" => (RecordOp.LineNumber, AvroType.Long),
        "byte_offset" => (RecordOp.ByteOffset, AvroType.Long),
        "error_column" => (RecordOp.ErrorColumn, AvroType.Int),
        "first_bytes" => (RecordOp.FirstBytes, AvroType.Bytes),
        "content_hash" => (RecordOp.ContentHash, AvroType.Long),
        "length" => (RecordOp.Length, AvroType.Long),
        _ => (RecordOp.Skip, AvroType.Null),
    };

    private static RecordStep PlainStep(AvroField field, SliceKind kind, (RecordOp Op, AvroType Type) step) =>
        step.Op == RecordOp.Skip || step.Type == field.Type.Type
            ? new RecordStep(step.Op, default, 0, 0, field.Type)
            : Unusable(field, kind);

    private static RecordStep ValueStep(AvroField field, SliceKind kind, LogField known)
    {
        IReadOnlyList<AvroSchema> branches = field.Type.Parts;
        if (field.Type.Type != AvroType.Union || branches.Count > MaxBranches)
        {
            return Unusable(field, kind);
        }

        uint kinds = 0;
        for (int i = 0; i < branches.Count; i++)
        {
            ValueKind branch = branches[i].Type switch
            {
                AvroType.Null => ValueKind.Null,
                AvroType.Int or AvroType.Long => ValueKind.Long,
                AvroType.String => ValueKind.Text,
                AvroType.Bytes => ValueKind.Json,
                _ => (ValueKind)Unusable(field, kind).Op,
            };
            kinds |= (uint)branch << (i * RecordStep.BranchBits);
        }

        return new RecordStep(RecordOp.Value, known, kinds, (byte)branches.Count, field.Type);
    }

    private static bool TryFindField(string name, out LogField field) =>
        Enum.TryParse(name, out field) && field < LogField.Count && field.ToString() == name;

    private static RecordStep Unusable(AvroField field, SliceKind kind)
    {
        Throw.UnusableSchema(kind, $"its field '{field.Name}' has another type than this version knows");
        return default;
    }
}
