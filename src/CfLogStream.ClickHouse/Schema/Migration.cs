using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace CfLogStream.ClickHouse.Schema;

/// <summary>One numbered schema file.</summary>
/// <param name="Number">0 for the record of migrations itself.</param>
/// <param name="Name">The file's name without <c>.sql</c>.</param>
/// <param name="Checksum">SHA-256 of the file before anything is filled in, as hex.</param>
/// <param name="Text">The file.</param>
public sealed record Migration(int Number, string Name, string Checksum, string Text)
{
    /// <summary>The files built into this program, in order.</summary>
    public static IReadOnlyList<Migration> BuiltIn { get; } = Load();

    /// <summary>The statements with the comments before them, not filled in.</summary>
    internal IReadOnlyList<string> Statements { get; } = Split(Text);

    /// <summary>The statements in order, those together that may run at the same time: tables of one database, and views of tables.</summary>
    internal IReadOnlyList<IReadOnlyList<string>> Batches { get; } = Batch(Split(Text));

    /// <summary>Reads a migration from a file's name and text.</summary>
    public static Migration Parse(string fileName, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string name = Path.GetFileNameWithoutExtension(fileName);
        string unified = text.ReplaceLineEndings("\n");
        string checksum = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(unified)));
        return new Migration(int.Parse(name.AsSpan(0, 4), NumberStyles.None, CultureInfo.InvariantCulture), name, checksum, unified);
    }

    private static Migration[] Load()
    {
        Assembly assembly = typeof(Migration).Assembly;
        return
        [
            .. assembly.GetManifestResourceNames()
                .Where(name => name.EndsWith(".sql", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)
                .Select(name => Parse(name, ReadResource(assembly, name))),
        ];
    }

    private static string ReadResource(Assembly assembly, string name)
    {
        using Stream stream = assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }

    // A statement ends with a semicolon at the end of a line; the files hold no such line inside a text or a comment.
    private static List<string> Split(string text)
    {
        var statements = new List<string>();
        var statement = new StringBuilder();
        foreach (string line in text.Split('\n'))
        {
            bool comment = line.StartsWith("--", StringComparison.Ordinal);
            if (!comment && line.EndsWith(';'))
            {
                statements.Add(statement.Append(line, 0, line.Length - 1).ToString().Trim('\n'));
                statement.Clear();
                continue;
            }

            statement.Append(line).Append('\n');
        }

        return statements;
    }

    private static List<IReadOnlyList<string>> Batch(List<string> statements)
    {
        var batches = new List<IReadOnlyList<string>>();
        var batch = new List<string>();
        string kind = string.Empty;
        foreach (string statement in statements)
        {
            string of = Kind(statement);
            if (of.Length == 0 || of != kind)
            {
                batches.Add(batch = []);
                kind = of;
            }

            batch.Add(statement);
        }

        return batches;
    }

    private static string Kind(string statement)
    {
        string head = statement.Split('\n').First(line => line.Length > 0 && !line.StartsWith("--", StringComparison.Ordinal));
        return head.StartsWith("CREATE TABLE ", StringComparison.Ordinal) ? "table"
            : head.StartsWith("CREATE OR REPLACE VIEW ", StringComparison.Ordinal) ? "view"
            : string.Empty;
    }
}
