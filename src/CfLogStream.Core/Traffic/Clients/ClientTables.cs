namespace CfLogStream.Core.Traffic.Clients;

/// <summary>The built-in tables of clients and webhook senders, read once.</summary>
internal static class ClientTables
{
    /// <summary>The rows of <c>webhooks.tsv</c>.</summary>
    public static IReadOnlyList<WebhookSender> Webhooks { get; } = ReadWebhooks();

    /// <summary>All user-agent tokens of both tables, in file order.</summary>
    public static IReadOnlyList<ClientDefinition> BuiltIn { get; } = ReadBuiltIn();

    /// <summary>The headers that webhook deliveries carry.</summary>
    public static WebhookHeaders Headers { get; } = new(Webhooks);

    /// <summary>The addresses that webhook senders publish.</summary>
    public static WebhookAddresses Addresses { get; } = new(Webhooks);

    /// <summary>The user's tokens before the built-in ones.</summary>
    /// <exception cref="ArgumentException">A token is empty, or its class cannot be named by a user agent.</exception>
    public static IReadOnlyList<ClientDefinition> With(IReadOnlyList<ClientToken> userTokens)
    {
        if (userTokens.Count == 0)
        {
            return BuiltIn;
        }

        var all = new List<ClientDefinition>(userTokens.Count + BuiltIn.Count);
        foreach (ClientToken token in userTokens)
        {
            if (token.Token.Trim('^', '=', ' ').Length == 0)
            {
                throw new ArgumentException($"The client token '{token.Token}' for '{token.Name}' is empty; name a part of the user agent.");
            }

            if (!ClientClasses.TryParse(token.Class, out ClientClass clientClass) || !ClientClasses.TryGetLevel(clientClass, out _))
            {
                throw new ArgumentException(
                    $"The client token '{token.Token}' has the class '{token.Class}'; a user agent can name {ClientClasses.NamableWords}.");
            }

            all.Add(new ClientDefinition(
                token.Token, clientClass, token.Name, ClientHints.SelfHosted | ClientHints.Gets, 0, token.Source, fromUser: true));
        }

        all.AddRange(BuiltIn);
        return all;
    }

    private static List<ClientDefinition> ReadBuiltIn()
    {
        var all = new List<ClientDefinition>();
        foreach (WebhookSender sender in Webhooks)
        {
            foreach (string token in sender.Tokens)
            {
                all.Add(new ClientDefinition(
                    token, ClientClass.Webhook, sender.Name, sender.Hints, sender.Asn, sender.Source, fromUser: false));
            }
        }

        foreach (string[] row in TableFile.Read("clients.tsv", 5))
        {
            if (!ClientClasses.TryParse(row[1], out ClientClass clientClass) || !ClientClasses.TryGetLevel(clientClass, out _))
            {
                throw new InvalidOperationException($"The built-in client table has an unknown class '{row[1]}'.");
            }

            ClientHints hints = TableFile.ReadHints(row[3], out uint asn);
            all.Add(new ClientDefinition(row[0], clientClass, row[2], hints, asn, row[4], fromUser: false));
        }

        return all;
    }

    private static List<WebhookSender> ReadWebhooks()
    {
        var all = new List<WebhookSender>();
        foreach (string[] row in TableFile.Read("webhooks.tsv", 8))
        {
            ClientHints hints = TableFile.ReadHints(row[4], out uint asn);
            all.Add(new WebhookSender(
                row[0], row[1], Split(row[2], " | "), Split(row[3], " "), hints, asn, Split(row[5], " "), row[6], row[7]));
        }

        return all;
    }

    private static string[] Split(string cell, string separator) => cell == "-" ? [] : cell.Split(separator);
}
