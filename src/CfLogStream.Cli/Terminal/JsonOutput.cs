using System.Buffers;
using System.Text;
using System.Text.Json;

namespace CfLogStream.Cli.Terminal;

/// <summary>Writes JSON results. The default encoder escapes control characters, quotes and everything outside ASCII.</summary>
internal static class JsonOutput
{
    private static readonly JsonWriterOptions s_indented = new() { Indented = true, NewLine = "\n" };

    /// <summary>Writes one indented JSON document and a line end.</summary>
    public static async Task WriteAsync(TextWriter stdout, Action<Utf8JsonWriter> write, CancellationToken ct)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes, s_indented))
        {
            write(json);
        }

        await stdout.WriteLineAsync(Encoding.UTF8.GetString(bytes.WrittenSpan).AsMemory(), ct).ConfigureAwait(false);
    }
}
