using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using CfLogStream.Kafka.Slices;
using CfLogStream.Kafka.Slices.Schemas;

namespace CfLogStream.Kafka.Tests.Slices;

/// <summary>docs/slices.md says what is so, and its script works.</summary>
public sealed class DocumentationTests
{
    // Where distributions install the package; the one found first by the path may be another.
    private const string SystemPython = "/usr/bin/python3";

    private static readonly string s_root = Root();

    [Fact]
    public void Documentation_Schemas_AreAllThereWithTheirFingerprints()
    {
        string text = Text();
        string[] files = Directory.GetFiles(Path.Combine(s_root, "schemas", "slices"), "*.avsc", SearchOption.AllDirectories);
        Assert.Equal(SliceSchemas.All.Count, files.Length);
        foreach (string file in files)
        {
            SliceSchema schema = SliceSchemas.All.Single(schema => schema.Json == File.ReadAllText(file));
            string row = text.Split('\n').Single(line => line.Contains($"[{Path.GetFileName(file)}]", StringComparison.Ordinal));
            Assert.Contains($"| `{SliceKinds.NameOf(schema.Kind)}`", row, StringComparison.Ordinal);
            Assert.Contains($"| `{schema.Fingerprint:x16}` |", row, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Documentation_HeadersAndReasons_AreAllNamed()
    {
        string text = Text();
        Assert.All(SliceHeaders.Write(default), header => Assert.Contains($"| `{header.Name}` |", text, StringComparison.Ordinal));
        Assert.All(
            Enum.GetValues<SliceStatus>().Where(status => status != SliceStatus.Ok),
            status => Assert.Contains($"`{SliceStatusNames.Of(status)}`", text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Documentation_PythonScript_PrintsTheRecords()
    {
        string text = Text();
        int start = text.IndexOf("```python\n", StringComparison.Ordinal) + "```python\n".Length;
        string script = text[start..text.IndexOf("```", start, StringComparison.Ordinal)];
        foreach (Slice slice in Samples.Slice(Samples.Lines))
        {
            string schema = Path.Combine(s_root, "schemas", "slices", $"{slice.Header.Kind}Slice.avsc");
            string[] lines = (await RunPythonAsync(script, schema, slice.Value)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            using JsonDocument record = JsonDocument.Parse(Assert.Single(lines));
            Assert.Equal(1000 + (int)slice.Header.Kind - 1, record.RootElement.GetProperty("position").GetInt64());
            if (slice.Header.Kind == SliceKind.HttpRequests)
            {
                Assert.Equal(13335, record.RootElement.GetProperty("ClientASN").GetInt64());
                Assert.Equal("[\"block\"]", record.RootElement.GetProperty("SecurityActions").GetString());
                Assert.Equal("{\"a\":\"b\"}", record.RootElement.GetProperty("extra_fields").GetProperty("Cookies").GetString());
                Assert.False(record.RootElement.TryGetProperty("JA4", out _));
            }
        }
    }

    private static async Task<string> RunPythonAsync(string script, string schema, ReadOnlyMemory<byte> slice)
    {
        CancellationToken ct = TestContext.Current.CancellationToken;
        var start = new ProcessStartInfo(Python, ["-c", script, schema])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PYTHONIOENCODING"] = "utf-8";
        Process python;
        try
        {
            python = Process.Start(start)!;
        }
        catch (Win32Exception problem)
        {
            throw new InvalidOperationException("The test needs Python 3 (Debian package python3); tests/run.sh installs it.", problem);
        }

        using (python)
        {
            Task<string> output = python.StandardOutput.ReadToEndAsync(ct);
            Task<string> errors = python.StandardError.ReadToEndAsync(ct);
            try
            {
                await python.StandardInput.BaseStream.WriteAsync(slice, ct);
                python.StandardInput.Close();
            }
            catch (IOException)
            {
                // It ended before it had read everything: its errors say why.
            }

            await python.WaitForExitAsync(ct);
            string problem = await errors;
            Assert.True(python.ExitCode == 0, problem);
            return await output;
        }
    }

    private static string Python => File.Exists(SystemPython) ? SystemPython : "python3";

    private static string Text() => File.ReadAllText(Path.Combine(s_root, "docs", "slices.md"));

    private static string Root()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "CfLogStream.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new InvalidOperationException("CfLogStream.sln was not found.");
    }
}
