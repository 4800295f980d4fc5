using System.CommandLine;
using CfLogStream.Server.Requests;

namespace CfLogStream.Cli.Verbs;

/// <summary>The options that say which rejected lines are meant.</summary>
internal sealed class DeadLetterArguments(int defaultLimit)
{
    private const int MaxLimit = 100_000;

    private readonly Option<string> _reason = new("--reason")
    {
        Description = "Only lines set aside for this reason, for instance 'cut_line'.",
        HelpName = "REASON",
        DefaultValueFactory = static _ => "",
    };

    private readonly Option<string> _source = new("--source")
    {
        Description = "Only lines of this file, topic or endpoint.",
        HelpName = "NAME",
        DefaultValueFactory = static _ => "",
    };

    private readonly Option<string> _dataset = new("--dataset")
    {
        Description = "Only lines recognised as of this dataset.",
        HelpName = "DATASET",
        DefaultValueFactory = static _ => "",
    };

    private readonly Option<int> _limit = new("--limit")
    {
        Description = $"The most that is shown ({defaultLimit}).",
        HelpName = "N",
        DefaultValueFactory = _ => defaultLimit,
    };

    /// <summary>Adds the options to a verb.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(_reason);
        command.Options.Add(_source);
        command.Options.Add(_dataset);
        command.Options.Add(_limit);
    }

    /// <summary>Reads what was given.</summary>
    public DeadLetterFilter Read(ParseResult parse) => new()
    {
        Reason = parse.GetValue(_reason)!,
        Source = parse.GetValue(_source)!,
        Dataset = parse.GetValue(_dataset)!,
    };

    /// <summary>Reads how many are wanted.</summary>
    public int Limit(ParseResult parse)
    {
        int limit = parse.GetValue(_limit);
        return limit is > 0 and <= MaxLimit
            ? limit
            : throw CommandException.Usage($"The value of '--limit' is {limit}; expected 1 to {MaxLimit}.");
    }
}
