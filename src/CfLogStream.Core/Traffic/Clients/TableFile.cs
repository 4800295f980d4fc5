using System.Globalization;

namespace CfLogStream.Core.Traffic.Clients;

/// <summary>Reads the tab-separated tables built into the assembly.</summary>
internal static class TableFile
{
    /// <summary>Reads the rows behind the comments and the line of column names.</summary>
    /// <exception cref="InvalidOperationException">The table is missing or a row has another number of columns.</exception>
    public static List<string[]> Read(string fileName, int columns)
    {
        string resource = typeof(TableFile).Namespace + "." + fileName;
        using Stream stream = typeof(TableFile).Assembly.GetManifestResourceStream(resource)
            ?? throw new InvalidOperationException($"The built-in table '{resource}' is missing from the assembly.");
        using var reader = new StreamReader(stream);
        var rows = new List<string[]>();
        bool header = true;
        while (reader.ReadLine() is { } line)
        {
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            string[] cells = line.Split('\t');
            if (cells.Length != columns)
            {
                throw new InvalidOperationException($"The built-in table '{fileName}' has {cells.Length} columns instead of {columns} in '{line}'.");
            }

            if (!header)
            {
                rows.Add(cells);
            }

            header = false;
        }

        return rows;
    }

    /// <summary>Reads the hints column: words and <c>AS&lt;number&gt;</c>, separated by commas; <c>-</c> for none.</summary>
    public static ClientHints ReadHints(string cell, out uint asn)
    {
        asn = 0;
        var hints = ClientHints.None;
        foreach (string word in cell.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            switch (word)
            {
                case "-":
                    break;
                case "app_network":
                    hints |= ClientHints.AppNetwork;
                    break;
                case "app_word":
                    hints |= ClientHints.AppWord;
                    break;
                case "verifiable":
                    hints |= ClientHints.Verifiable;
                    break;
                case "self_hosted":
                    hints |= ClientHints.SelfHosted;
                    break;
                case "get":
                    hints |= ClientHints.Gets;
                    break;
                case "generic":
                    hints |= ClientHints.Generic;
                    break;
                default:
                    asn = word.StartsWith("AS", StringComparison.Ordinal)
                        ? uint.Parse(word.AsSpan(2), CultureInfo.InvariantCulture)
                        : throw new InvalidOperationException($"The built-in tables have an unknown hint '{word}'.");
                    break;
            }
        }

        return hints;
    }
}
