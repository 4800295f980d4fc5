namespace CfLogStream.Core.Traffic.Clients;

/// <summary>Which header webhook senders sign their deliveries with.</summary>
public static class WebhookSignatures
{
    private static readonly Lazy<Dictionary<string, string>> s_headers = new(static () =>
        ClientTables.Webhooks
            .Where(sender => sender.Headers.Count > 0)
            .GroupBy(sender => sender.Name, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => SignatureOf(group.First()), StringComparer.Ordinal));

    /// <summary>Returns the lower-case name of the header; empty for a sender that is not known or does not sign.</summary>
    public static string HeaderOf(string clientName) => s_headers.Value.GetValueOrDefault(clientName, "");

    private static string SignatureOf(WebhookSender sender) =>
        sender.Headers.FirstOrDefault(static header => header.Contains("sig", StringComparison.Ordinal) || header.Contains("hmac", StringComparison.Ordinal))
        ?? sender.Headers[0];
}
