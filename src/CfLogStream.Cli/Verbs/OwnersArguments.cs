using System.CommandLine;
using CfLogStream.Core.Insight.Ownership;
using CfLogStream.Server.Configuration;
using CfLogStream.Server.Insight.Ownership;

namespace CfLogStream.Cli.Verbs;

/// <summary>The option <c>--owners FILE</c>, and the owners that it or the configuration names.</summary>
internal sealed class OwnersArguments
{
    private readonly Option<string?> _file = new("--owners")
    {
        Description = "The file that says who owns what (docs/owners.md); without it 'insight.owners_file' of the configuration.",
        HelpName = "FILE",
    };

    /// <summary>Adds the option to a verb.</summary>
    public void AddTo(Command command) => command.Options.Add(_file);

    /// <summary>Returns the file that was named; null when none was.</summary>
    public string? FileOf(ParseResult parse, CfLogStreamOptions options) =>
        parse.GetValue(_file) is { Length: > 0 } file ? file
        : options.Insight.OwnersFile.Length > 0 ? options.Insight.OwnersFile : null;

    /// <summary>Returns the owners; none when no file was named. Throws <see cref="ConfigurationException"/> when it cannot be read.</summary>
    public OwnerBook Read(ParseResult parse, CfLogStreamOptions options) => Read(FileOf(parse, options), options);

    /// <summary>Reads a file of owners; null for none.</summary>
    public static OwnerBook Read(string? file, CfLogStreamOptions options)
    {
        string pattern = options.Insight.DescriptionPattern;
        var descriptions = pattern.Length > 0 ? DescriptionTags.Compile(pattern) : null;
        return file is null ? new OwnerBook([], descriptions) : OwnersFile.Load(file, descriptions);
    }
}
