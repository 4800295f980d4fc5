using CfLogStream.ClickHouse.Embedded.Tests;

// A test run, or one of the processes that tests start to kill or to collide with.
if (args is [ChildProcess.Verb, ..])
{
    return await ChildProcess.RunAsync(args[1..]);
}

return args.Any(static arg => arg is "--server" or "--internal-msbuild-node")
    ? await Xunit.MicrosoftTestingPlatform.TestPlatformTestFramework.RunAsync(
        args, SelfRegisteredExtensions.AddSelfRegisteredExtensions)
    : await Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args);
