using System.Net;
using CfLogStream.Server.Configuration;

namespace CfLogStream.Server.Doctor;

/// <summary>Asks a running service whether it is ready.</summary>
public static class ServiceChecks
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(5);

    /// <summary>Asks <c>/readyz</c>.</summary>
    public static async Task<IReadOnlyList<Finding>> RunAsync(MetricsSection metrics, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        const string Check = "service";
        if (metrics.Listen.Length == 0)
        {
            return [Finding.Warning(
                Check,
                "metrics.listen is empty",
                "nobody can ask whether it is ready",
                "Give metrics.listen an address.")];
        }

        // One that listens on all addresses is asked on this machine's own.
        string address = metrics.Listen.Replace("0.0.0.0:", "127.0.0.1:", StringComparison.Ordinal)
            .Replace("[::]:", "[::1]:", StringComparison.Ordinal);
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = s_limit };
        try
        {
            using HttpResponseMessage answer = await http.GetAsync(new Uri($"http://{address}/readyz"), ct).ConfigureAwait(false);
            string text = (await answer.Content.ReadAsStringAsync(ct).ConfigureAwait(false)).Trim().ReplaceLineEndings("; ");
            return answer.StatusCode switch
            {
                HttpStatusCode.OK => [Finding.Ok(Check, $"it is ready ({address})")],
                HttpStatusCode.ServiceUnavailable =>
                    [Finding.Problem(
                        Check,
                        $"it says: {text}",
                        "what arrives is kept, but is not seen until it is ready",
                        "Do what the reason says.")],
                _ => [Finding.Problem(
                    Check,
                    $"{address} answered {(int)answer.StatusCode}",
                    "whether it is ready is not known",
                    "See who listens on metrics.listen.")],
            };
        }
        catch (Exception problem) when (problem is HttpRequestException or TaskCanceledException && !ct.IsCancellationRequested)
        {
            return [Finding.Problem(
                Check,
                $"it does not answer on {address} ({problem.Message})",
                "if it does not run, nothing is received",
                "Start 'cflogstream serve', or give the configuration that it runs with.")];
        }
    }
}
