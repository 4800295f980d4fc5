using CfLogStream.Cli;
using CfLogStream.Cli.Verbs;

return await VerbRunner.RunProcessAsync(
    args,
    [
        ValidateVerb.Create(),
        InfoVerb.Create(),
        DocsVerb.Create(),
    ]).ConfigureAwait(false);
