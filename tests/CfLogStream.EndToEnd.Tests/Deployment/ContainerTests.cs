using System.Text.Json;
using CfLogStream.EndToEnd.Tests.Architecture;
using CfLogStream.Server.Configuration;

namespace CfLogStream.EndToEnd.Tests.Deployment;

/// <summary>deploy/Dockerfile and the configuration beside it fit the program and each other.</summary>
public sealed class ContainerTests
{
    private static readonly string s_folder = Path.Combine(Repository.Root, "deploy");

    [Fact]
    public void Container_ServesAsAnOrdinaryUserFromAVolume()
    {
        string[] command = Json("CMD");
        CommandLineCheck.Accepts(command);
        Assert.Equal(["/opt/cflogstream/cflogstream"], Json("ENTRYPOINT"));
        Assert.Matches("^[1-9][0-9]+$", One("USER"));
        Assert.Contains($"--uid {One("USER")} ", File.ReadAllText(Path.Combine(s_folder, "Dockerfile")), StringComparison.Ordinal);
        Assert.Equal(One("VOLUME"), One("WORKDIR"));

        // The root of a volume may have a 'lost+found', and is not the program's to remove.
        Assert.StartsWith(One("VOLUME") + "/", command[Array.IndexOf(command, "--data") + 1], StringComparison.Ordinal);
    }

    [Fact]
    public void Ports_AreThoseOfTheConfiguration()
    {
        CfLogStreamOptions options = ConfigurationLoader.Load(Path.Combine(s_folder, "container.yaml"), name => name == "LOGPUSH_TOKEN" ? "secret" : null);
        Assert.Equal([Port(options.Receiver.Listen), Port(options.Metrics.Listen)], One("EXPOSE").Split(' '));
        Assert.Contains($"http://127.0.0.1:{Port(options.Metrics.Listen)}/healthz\"]", One("HEALTHCHECK"), StringComparison.Ordinal);
        Assert.Equal("source: production", $"source: {Assert.Single(options.Receiver.Tokens).Source}");
    }

    private static string Port(string listen) => listen[(listen.LastIndexOf(':') + 1)..];

    private static string[] Json(string instruction) => JsonSerializer.Deserialize<string[]>(One(instruction))!;

    /// <summary>The last of an instruction: those before belong to the build.</summary>
    private static string One(string instruction) =>
        File.ReadAllLines(Path.Combine(s_folder, "Dockerfile")).Last(line => line.StartsWith(instruction + " ", StringComparison.Ordinal))[(instruction.Length + 1)..];
}
