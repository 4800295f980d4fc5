using System.Runtime.Intrinsics;
using System.Text.Json;
using CfLogStream.Cli.Verbs;
using CfLogStream.Core.Logpush.Simd;
using CfLogStream.Server.Configuration;

namespace CfLogStream.Cli.Tests.Verbs;

public sealed class InfoVerbTests
{
    private static readonly InfoProgram s_program = new()
    {
        Version = "1.2.3",
        Commit = "abc",
        Runtime = ".NET 10.0.0",
        RuntimeIdentifier = "linux-x64",
        System = "Some Linux",
        Cores = 4,
        MemoryBytes = 8L * 1024 * 1024 * 1024,
        SimdWidths = [256, 128],
        Reader = "scalar",
        EngineLibrary = null,
    };

    [Fact]
    public async Task Info_AsText_NamesVersionsMachineAndLimits()
    {
        using var stdout = new StringWriter { NewLine = "\n" };

        ExitCode exitCode = await InfoVerb.RunAsync(
            s_program,
            new CfLogStreamOptions(),
            OutputFormat.Text,
            stdout,
            TestContext.Current.CancellationToken);

        Assert.Equal(ExitCode.Ok, exitCode);
        Assert.StartsWith(
            """
            version     1.2.3 (commit abc)
            runtime     .NET 10.0.0, linux-x64
            system      Some Linux
            cores       4
            memory      8192 MiB available to this process
            simd        256, 128 bits supported; reading uses scalar
            engine      not installed (no libchdb.so beside the program)

            limits and settings in force
              reader.max_line_bytes = 1048576

            """.ReplaceLineEndings("\n"),
            stdout.ToString(),
            StringComparison.Ordinal);
        Assert.Contains("\n  clickhouse.url = (empty)\n", stdout.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Info_WithEngineAndWithoutCommit_SaysWhatItKnows()
    {
        using var stdout = new StringWriter { NewLine = "\n" };

        await InfoVerb.RunAsync(
            s_program with { EngineLibrary = "/opt/libchdb.so", Commit = "", SimdWidths = [] },
            new CfLogStreamOptions(),
            OutputFormat.Text,
            stdout,
            TestContext.Current.CancellationToken);

        string[] lines = stdout.ToString().Split('\n');
        Assert.Equal("version     1.2.3", lines[0]);
        Assert.Equal("simd        nothing supported; reading uses scalar", lines[5]);
        Assert.Equal("engine      /opt/libchdb.so", lines[6]);
    }

    [Fact]
    public void FindLibrary_NamedByTheEnvironment_MustExist()
    {
        string file = Path.GetTempFileName();
        try
        {
            Assert.Equal(file, InfoEngine.FindLibrary(name => name == "CFLOGSTREAM_LIBCHDB" ? file : null));
            Assert.Null(InfoEngine.FindLibrary(name => name == "CFLOGSTREAM_LIBCHDB" ? file + ".none" : null));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task Info_AsJson_HasTheSame()
    {
        CommandOutcome outcome = await CommandLine.RunAsync(
            ["info", "--format", "json"],
            [InfoVerb.Create()]);

        Assert.Equal(ExitCode.Ok, outcome.ExitCode);
        using var json = JsonDocument.Parse(outcome.Stdout);
        JsonElement info = json.RootElement;
        Assert.Matches(@"^\d+\.\d+\.\d+", info.GetProperty("version").GetString());
        Assert.Equal(Environment.ProcessorCount, info.GetProperty("cores").GetInt32());
        Assert.Equal(
            Vector512.IsHardwareAccelerated,
            info.GetProperty("simd_widths").EnumerateArray().Any(width => width.GetInt32() == 512));
        Assert.Equal(SimdSelection.Name(SimdSelection.Selected), info.GetProperty("reader").GetString());
        Assert.Equal(
            EffectiveValue.Of(new CfLogStreamOptions()).Select(value => value.Key),
            info.GetProperty("settings").EnumerateObject().Select(setting => setting.Name));
        Assert.Equal("cflogstream", info.GetProperty("settings").GetProperty("clickhouse.database").GetString());
    }

    [Fact]
    public async Task AnyVerb_UnknownWidthForced_IsAUsageError()
    {
        CommandOutcome outcome = await CommandLine.RunAsync(["info"], [InfoVerb.Create()], environment: static _ => "64");

        Assert.Equal(ExitCode.Usage, outcome.ExitCode);
        Assert.Contains("CFLOGSTREAM_SIMD is '64'; it must be scalar, 128, 256 or 512.", outcome.Stderr, StringComparison.Ordinal);
    }
}
