using System.CommandLine;
using CfLogStream.Server.Configuration;

namespace CfLogStream.Cli.Verbs;

/// <summary><c>cflogstream docs configuration|schema|owners-schema</c>: what is generated from the options.</summary>
internal static class DocsVerb
{
    public static Command Create() => new("docs", "Prints documentation that is generated from the program itself.")
    {
        new Command("configuration", "The configuration reference, in Markdown (docs/configuration.md).")
            .Runs((_, context, ct) => RunAsync(ConfigurationDocumentation.Write, context.Stdout, ct)),
        new Command("schema", "The JSON Schema of the configuration file (schemas/cflogstream.schema.json).")
            .Runs((_, context, ct) => RunAsync(ConfigurationSchema.Write, context.Stdout, ct)),
        new Command("owners-schema", "The JSON Schema of the file of owners (schemas/owners.schema.json).")
            .Runs((_, context, ct) => RunAsync(ConfigurationSchema.WriteOwners, context.Stdout, ct)),
    };

    internal static async Task<ExitCode> RunAsync(Func<string> write, TextWriter stdout, CancellationToken ct)
    {
        string text;
        try
        {
            text = write();
        }
        catch (FileNotFoundException problem)
        {
            throw CommandException.Failed(
                $"The documentation is made from '{problem.FileName}', which is not beside the program. "
                + "Install the program with its .xml files.",
                problem);
        }

        await stdout.WriteAsync(text.AsMemory(), ct).ConfigureAwait(false);
        return ExitCode.Ok;
    }
}
