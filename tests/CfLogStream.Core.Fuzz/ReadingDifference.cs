using System.Text;
using CfLogStream.Core.Logpush;

namespace CfLogStream.Core.Fuzz;

/// <summary>Says in what two records that were read from the same line differ.</summary>
internal static class ReadingDifference
{
    /// <summary>Names the first difference; null when there is none.</summary>
    /// <param name="expectedKinds">The kinds of the expected fields when they were read: looking at a text changes its kind.</param>
    public static string? Find(LogRecord expected, ReadOnlySpan<FieldKind> expectedKinds, LogRecord actual, int extraFields)
    {
        if (expected.Dataset != actual.Dataset)
        {
            return $"dataset {expected.Dataset} became {actual.Dataset}";
        }

        if (expected.TimeNs != actual.TimeNs)
        {
            return $"time {expected.TimeNs} became {actual.TimeNs}";
        }

        if (!expected.Line.SequenceEqual(actual.Line))
        {
            return $"line of {expected.Line.Length} bytes became one of {actual.Line.Length}";
        }

        for (LogField field = 0; field < LogField.Count; field++)
        {
            if (expectedKinds[(int)field] != actual.KindOf(field))
            {
                return $"kind of {field} {expectedKinds[(int)field]} became {actual.KindOf(field)}";
            }
        }

        for (LogField field = 0; field < LogField.Count; field++)
        {
            if (expectedKinds[(int)field] != FieldKind.Absent && FindInField(expected, actual, field) is { } difference)
            {
                return difference;
            }
        }

        for (int i = 0; i < extraFields; i++)
        {
            if (expected.HasExtra(i) != actual.HasExtra(i))
            {
                return $"extra field {i} present {expected.HasExtra(i)} became {actual.HasExtra(i)}";
            }

            if (!expected.ExtraText(i).SequenceEqual(actual.ExtraText(i)))
            {
                return Changed($"extra field {i}", expected.ExtraText(i), actual.ExtraText(i));
            }
        }

        return null;
    }

    private static string? FindInField(LogRecord expected, LogRecord actual, LogField field)
    {
        // Once before the text is decoded and once after: both must be the same elements.
        for (int look = 0; look < 2; look++)
        {
            TextElements expectedElements = expected.Elements(field);
            TextElements actualElements = actual.Elements(field);
            bool more = expectedElements.MoveNext();
            if (more != actualElements.MoveNext() || (more && !expectedElements.Current.SequenceEqual(actualElements.Current)))
            {
                return Changed($"first element of {field}", expectedElements.Current, actualElements.Current);
            }

            while (more)
            {
                more = expectedElements.MoveNext();
                if (more != actualElements.MoveNext() || (more && !expectedElements.Current.SequenceEqual(actualElements.Current)))
                {
                    return Changed($"element of {field}", expectedElements.Current, actualElements.Current);
                }
            }

            if (!expected.Text(field).SequenceEqual(actual.Text(field)))
            {
                return Changed($"text of {field}", expected.Text(field), actual.Text(field));
            }
        }

        TextMembers actualMembers = actual.Members(field);
        foreach (TextMembers member in expected.Members(field))
        {
            if (!actualMembers.MoveNext()
                || !member.Name.SequenceEqual(actualMembers.Name) || !member.Value.SequenceEqual(actualMembers.Value))
            {
                return Changed($"member of {field}", member.Value, actualMembers.Value);
            }
        }

        return actualMembers.MoveNext() ? Changed($"member of {field}", default, actualMembers.Value) : null;
    }

    private static string Changed(string what, ReadOnlySpan<byte> expected, ReadOnlySpan<byte> actual) =>
        $"{what} '{Encoding.UTF8.GetString(expected)}' became '{Encoding.UTF8.GetString(actual)}'";
}
