using System.Text.Json;
using CfLogStream.Cli.Serving;
using Microsoft.Extensions.Logging;

namespace CfLogStream.Cli.Tests.Serving;

public sealed class ServiceLogTests
{
    private const string Hostile = "a\u001b[31m\n{\"level\":\"error\"}\u2028\"";

    [Fact]
    public void Json_HostileText_StaysOneLineAndOneValue()
    {
        string text = Write(OutputFormat.Json);

        Assert.EndsWith("}" + Environment.NewLine, text, StringComparison.Ordinal);
        string line = text[..^Environment.NewLine.Length];
        Assert.DoesNotContain(line, char.IsControl);
        Assert.All(line, character => Assert.InRange(character, ' ', '~'));
        using var document = JsonDocument.Parse(line);
        JsonElement root = document.RootElement;
        Assert.Equal(["time", "level", "component", "id", "message", "values", "exception"], root.EnumerateObject().Select(property => property.Name));
        Assert.Equal("warn", root.GetProperty("level").GetString());
        Assert.Equal("ServiceLogTests", root.GetProperty("component").GetString());
        Assert.Equal(7, root.GetProperty("id").GetInt32());
        Assert.Equal($"Took {Hostile} after 3 tries.", root.GetProperty("message").GetString());
        Assert.Equal(Hostile, root.GetProperty("values").GetProperty("What").GetString());
        Assert.Equal(3, root.GetProperty("values").GetProperty("Tries").GetInt32());
        Assert.Contains("broken", root.GetProperty("exception").GetString(), StringComparison.Ordinal);
        Assert.True(root.GetProperty("time").TryGetDateTime(out _));
    }

    [Fact]
    public void Text_HostileText_IsEscaped()
    {
        string first = Write(OutputFormat.Text).Split(Environment.NewLine)[0];
        Assert.Contains(" warn  ServiceLogTests[7] Took a", first, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', first);
        Assert.EndsWith(" after 3 tries.", first, StringComparison.Ordinal);
    }

    private static string Write(OutputFormat format)
    {
        using var stderr = new StringWriter();
        using ILoggerFactory loggers = ServiceLog.Create(stderr, TimeProvider.System, format);
        var values = new KeyValuePair<string, object?>[] { new("What", Hostile), new("Tries", 3), new("{OriginalFormat}", "Took {What} after {Tries} tries.") };
        loggers.CreateLogger<ServiceLogTests>().Log(
            LogLevel.Warning, new EventId(7), values, new InvalidOperationException("broken"), (_, _) => $"Took {Hostile} after 3 tries.");
        return stderr.ToString();
    }
}
