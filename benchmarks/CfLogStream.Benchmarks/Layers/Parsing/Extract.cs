using CfLogStream.Core.Logpush;

namespace CfLogStream.Benchmarks.Layers.Parsing;

/// <summary>What every parser must come to for a line: texts that are not empty, the sum of the numbers, elements of arrays.</summary>
/// <remarks>
/// Cheap to add up, and the same for UTF-8 and UTF-16, so that the sum costs nobody anything and everybody has to get at each value.
/// </remarks>
internal static class Extract
{
    public static long Of(string? text) => string.IsNullOrEmpty(text) ? 0 : 1;

    /// <summary>The sum of a record that <see cref="RecordReader"/> read.</summary>
    public static long Of(LogRecord record) =>
        record.Dataset == Dataset.FirewallEvents
            ? Sum(record, WantedFields.FirewallTexts, WantedFields.FirewallNumbers, [])
            : Sum(record, WantedFields.HttpTexts, WantedFields.HttpNumbers, WantedFields.HttpArrays)
                + (record.IsTrue(LogField.WorkerSubrequest) ? 1 : 0);

    private static long Sum(LogRecord record, LogField[] texts, LogField[] numbers, LogField[] arrays)
    {
        long sum = 0;
        foreach (LogField field in texts)
        {
            sum += record.Text(field).IsEmpty ? 0 : 1;
        }

        foreach (LogField field in numbers)
        {
            sum += record.TryGetInt64(field, out long number) ? number : 0;
        }

        foreach (LogField field in arrays)
        {
            TextElements elements = record.Elements(field);
            while (elements.MoveNext())
            {
                sum++;
            }
        }

        return sum;
    }
}
