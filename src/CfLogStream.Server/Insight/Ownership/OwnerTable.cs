using System.Globalization;
using System.Text;
using System.Text.Json;
using CfLogStream.Core.Insight.Ownership;

namespace CfLogStream.Server.Insight.Ownership;

/// <summary>Writes the owners as a table for documentation.</summary>
public static class OwnerTable
{
    private static readonly string[] s_columns = ["what", "zone", "host", "path", "rule", "owner", "contact", "why", "review_by", "expires"];

    /// <summary>Returns a Markdown table. Texts are escaped, so that they are shown and never are markup.</summary>
    public static string Markdown(OwnerBook book)
    {
        ArgumentNullException.ThrowIfNull(book);
        var table = new StringBuilder();
        table.Append("| ").AppendJoin(" | ", s_columns).Append(" |\n|");
        foreach (string _ in s_columns)
        {
            table.Append("---|");
        }

        table.Append('\n');
        foreach (OwnerEntry entry in book.Entries)
        {
            table.Append("| ").AppendJoin(" | ", Cells(entry).Select(MarkdownCell)).Append(" |\n");
        }

        return table.ToString();
    }

    /// <summary>Returns CSV (RFC 4180). A text that a spreadsheet would take for a formula has an apostrophe before it.</summary>
    public static string Csv(OwnerBook book)
    {
        ArgumentNullException.ThrowIfNull(book);
        var table = new StringBuilder();
        table.AppendJoin(',', s_columns).Append("\r\n");
        foreach (OwnerEntry entry in book.Entries)
        {
            table.AppendJoin(',', Cells(entry).Select(CsvCell)).Append("\r\n");
        }

        return table.ToString();
    }

    /// <summary>Writes an array of objects.</summary>
    public static void Json(OwnerBook book, Utf8JsonWriter json)
    {
        ArgumentNullException.ThrowIfNull(book);
        ArgumentNullException.ThrowIfNull(json);
        json.WriteStartArray();
        foreach (OwnerEntry entry in book.Entries)
        {
            json.WriteStartObject();
            foreach ((string column, string cell) in s_columns.Zip(Cells(entry)))
            {
                json.WriteString(column, cell);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static string[] Cells(OwnerEntry entry) =>
    [
        entry.Subject.ToString().ToLowerInvariant(), entry.Zone?.Text ?? "", entry.Host?.Text ?? "", entry.Path?.Text ?? "",
        entry.Rule?.ToString() ?? "", entry.Owner, entry.Contact, entry.Why, Day(entry.ReviewBy), Day(entry.Expires),
    ];

    private static string Day(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "";

    private static string MarkdownCell(string text)
    {
        var cell = new StringBuilder(text.Length);
        foreach (char letter in text)
        {
            if (@"\`*_{}[]<>()#!|~&".Contains(letter, StringComparison.Ordinal))
            {
                cell.Append('\\');
            }

            cell.Append(char.IsControl(letter) ? ' ' : letter);
        }

        return cell.ToString();
    }

    private static string CsvCell(string text)
    {
        string safe = text is ['=' or '+' or '-' or '@', ..] ? "'" + text : text;
        return safe.AsSpan().IndexOfAny("\",\r\n") < 0 ? safe : $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
