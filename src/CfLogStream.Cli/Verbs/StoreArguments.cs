using System.CommandLine;
using CfLogStream.Cli.Terminal;
using CfLogStream.Server.Storage;

namespace CfLogStream.Cli.Verbs;

/// <summary>The options that say where rows are kept: <c>--clickhouse</c> and <c>--data</c>.</summary>
internal sealed class StoreArguments
{
    private readonly Option<string?> _url = new("--clickhouse")
    {
        Description = "The HTTP interface of a ClickHouse server; without it the engine inside this program is used.",
        HelpName = "URL",
    };

    private readonly Option<string> _data = new("--data")
    {
        Description = "The folder of the embedded engine, or ':memory:' to keep nothing.",
        HelpName = "DIR",
        DefaultValueFactory = static _ => StoreOptions.DefaultFolder,
    };

    /// <summary>Adds both options to a verb.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(_url);
        command.Options.Add(_data);
    }

    /// <summary>Returns what was given as words of another command, with a blank before each; empty when nothing was.</summary>
    public string Words(ParseResult parse, string? configFile)
    {
        string words = configFile is null ? "" : $" {CommandContext.ConfigOption} {ShellWord.Quote(configFile)}";
        if (parse.GetValue(_url) is { } url)
        {
            words += $" --clickhouse {ShellWord.Quote(url)}";
        }

        return parse.GetResult(_data) is { Implicit: false } ? $"{words} --data {ShellWord.Quote(parse.GetValue(_data)!)}" : words;
    }

    /// <summary>Reads what was given, for a verb that only asks: a folder that is not there is not made.</summary>
    public StoreOptions ReadKept(ParseResult parse) => Read(parse) with { MustExist = true };

    /// <summary>Reads what was given.</summary>
    public StoreOptions Read(ParseResult parse)
    {
        string? url = parse.GetValue(_url);
        if (url is null)
        {
            return new StoreOptions { DataFolder = parse.GetValue(_data)! };
        }

        if (parse.GetResult(_data) is { Implicit: false })
        {
            throw CommandException.Usage("Give either '--clickhouse' or '--data', not both: rows are kept in one place.");
        }

        return Uri.TryCreate(url, UriKind.Absolute, out Uri? uri) && uri.Scheme is "http" or "https"
            ? new StoreOptions { Url = uri }
            : throw CommandException.Usage(
                $"The value of '--clickhouse' is '{url}'; expected the address of ClickHouse's HTTP interface, for instance 'http://127.0.0.1:8123'.");
    }
}
