using CfLogStream.Cli;
using CfLogStream.Cli.Verbs;

return await VerbRunner.RunProcessAsync(args, VerbList.All()).ConfigureAwait(false);
