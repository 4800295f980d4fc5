using System.CommandLine;
using System.Text.Json;
using CfLogStream.Cli.Terminal;
using CfLogStream.Server.Configuration;

namespace CfLogStream.Cli.Verbs;

/// <summary><c>cflogstream info</c>: what this program is and where it runs, for a bug report or a comparison of two machines.</summary>
internal static class InfoVerb
{
    private const int LabelColumns = 12;

    public static Command Create() =>
        new Command("info", "Prints versions, what this machine offers, and the limits in force.")
            .Runs((_, context, ct) => RunAsync(
                InfoProgram.Collect(InfoEngine.FindLibrary(context.Host.Environment)),
                context.LoadOptions(),
                context.Format,
                context.Stdout,
                ct));

    internal static Task<ExitCode> RunAsync(
        InfoProgram info,
        CfLogStreamOptions options,
        OutputFormat format,
        TextWriter stdout,
        CancellationToken ct) =>
        format == OutputFormat.Json ? WriteJsonAsync(info, options, stdout, ct) : WriteTextAsync(info, options, stdout, ct);

    private static async Task<ExitCode> WriteTextAsync(
        InfoProgram info,
        CfLogStreamOptions options,
        TextWriter stdout,
        CancellationToken ct)
    {
        string widths = info.SimdWidths.Count == 0 ? "nothing" : $"{string.Join(", ", info.SimdWidths)} bits";
        (string Label, string Text)[] lines =
        [
            ("version", info.Commit.Length == 0 ? info.Version : $"{info.Version} (commit {info.Commit})"),
            ("runtime", $"{info.Runtime}, {info.RuntimeIdentifier}"),
            ("system", info.System),
            ("cores", $"{info.Cores}"),
            ("memory", $"{info.MemoryBytes / (1024 * 1024)} MiB available to this process"),
            ("simd", $"{widths} supported; reading uses {info.Reader}"),
            ("engine", info.EngineLibrary ?? $"not installed (no {InfoEngine.FileName} beside the program)"),
        ];
        foreach ((string label, string text) in lines)
        {
            string line = label.PadRight(LabelColumns) + TerminalText.Escape(text);
            await stdout.WriteLineAsync(line.AsMemory(), ct).ConfigureAwait(false);
        }

        await stdout.WriteLineAsync("\nlimits and settings in force".AsMemory(), ct).ConfigureAwait(false);
        foreach (EffectiveValue value in EffectiveValue.Of(options))
        {
            string line = $"  {value.Key} = {TerminalText.Escape(value.Value is "" ? "(empty)" : $"{value.Value}")}";
            await stdout.WriteLineAsync(line.AsMemory(), ct).ConfigureAwait(false);
        }

        return ExitCode.Ok;
    }

    private static async Task<ExitCode> WriteJsonAsync(
        InfoProgram info,
        CfLogStreamOptions options,
        TextWriter stdout,
        CancellationToken ct)
    {
        await JsonOutput.WriteAsync(stdout, json => Write(json, info, options), ct).ConfigureAwait(false);
        return ExitCode.Ok;
    }

    private static void Write(Utf8JsonWriter json, InfoProgram info, CfLogStreamOptions options)
    {
        json.WriteStartObject();
        json.WriteString("version", info.Version);
        json.WriteString("commit", info.Commit);
        json.WriteString("runtime", info.Runtime);
        json.WriteString("runtime_identifier", info.RuntimeIdentifier);
        json.WriteString("system", info.System);
        json.WriteNumber("cores", info.Cores);
        json.WriteNumber("memory_bytes", info.MemoryBytes);
        json.WriteStartArray("simd_widths");
        foreach (int width in info.SimdWidths)
        {
            json.WriteNumberValue(width);
        }

        json.WriteEndArray();
        json.WriteString("reader", info.Reader);
        json.WriteString("engine_library", info.EngineLibrary);
        json.WriteStartObject("settings");
        foreach (EffectiveValue value in EffectiveValue.Of(options))
        {
            json.WritePropertyName(value.Key);
            JsonSerializer.Serialize(json, value.Value);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }
}
