using System.CommandLine;
using CfLogStream.Cli;
using CfLogStream.Cli.Verbs;

namespace CfLogStream.EndToEnd.Tests.Deployment;

/// <summary>Holds command lines in files of deploy/ against what the program accepts.</summary>
internal static class CommandLineCheck
{
    /// <summary>Variables of the environment that the program or .NET reads in a service.</summary>
    public static IReadOnlyList<string> Variables { get; } = [CommandContext.ConfigVariable, ServeVerb.LogFormatVariable];

    /// <summary>Fails unless the program accepts the words.</summary>
    public static void Accepts(IReadOnlyList<string> words)
    {
        var root = new RootCommand();
        foreach (Command verb in VerbList.All())
        {
            root.Subcommands.Add(verb);
        }

        Assert.Empty(root.Parse(words).Errors);
    }
}
