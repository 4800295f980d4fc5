using System.Text;

namespace CfLogStream.Core.Traffic.Clients;

/// <summary>
/// What the logged request headers say about the client. Only headers selected as custom fields are logged: absence says little.
/// </summary>
internal struct HeaderEvidence
{
    private static readonly HeaderEvidence s_none;

    private const int MaxWebhooks = 4;
    private const int WebhookBits = 16;

    /// <summary>The ids of the webhook headers that were seen, plus one, the first in the lowest 16 bits; 0 for none.</summary>
    public ulong Webhooks;

    /// <summary>How many known webhook headers were seen, at most four are kept.</summary>
    public byte WebhookCount;

    /// <summary>Sec-Fetch-Site is there.</summary>
    public bool FetchSite;

    /// <summary>Sec-Fetch-Mode is there, whatever it says.</summary>
    public bool FetchMode;

    /// <summary>Sec-Fetch-Mode is navigate.</summary>
    public bool Navigates;

    /// <summary>Sec-Fetch-Mode is cors or same-origin.</summary>
    public bool Fetches;

    public bool Origin;
    public bool AcceptLanguage;

    /// <summary>Access-Control-Request-Method is there: a preflight.</summary>
    public bool RequestMethod;

    /// <summary>The id of a webhook header that was seen, below <see cref="WebhookCount"/>.</summary>
    public readonly int WebhookHeader(int index) => (ushort)(Webhooks >> (index * WebhookBits)) - 1;

    /// <summary>What no headers say.</summary>
    public static ref readonly HeaderEvidence None => ref s_none;

    /// <summary>Takes note of one header; an empty value counts as absent.</summary>
    public void Add(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, WebhookHeaders table)
    {
        if (value.IsEmpty || value.SequenceEqual("[]"u8))
        {
            return;
        }

        if (Is(name, "sec-fetch-site"u8))
        {
            FetchSite = true;
        }
        else if (Is(name, "sec-fetch-mode"u8))
        {
            // With preserve_duplicates the value is an array of strings: its text is searched, not compared.
            FetchMode = true;
            Navigates = value.IndexOf("navigate"u8) >= 0;
            Fetches = value.IndexOf("same-origin"u8) >= 0 || (value.IndexOf("cors"u8) >= 0 && value.IndexOf("no-cors"u8) < 0);
        }
        else if (Is(name, "origin"u8))
        {
            Origin = true;
        }
        else if (Is(name, "accept-language"u8))
        {
            AcceptLanguage = true;
        }
        else if (Is(name, "access-control-request-method"u8))
        {
            RequestMethod = true;
        }
        else if (WebhookCount < MaxWebhooks && table.Find(name) is >= 0 and int id)
        {
            Webhooks |= (ulong)(ushort)(id + 1) << (WebhookCount * WebhookBits);
            WebhookCount++;
        }
    }

    private static bool Is(ReadOnlySpan<byte> name, ReadOnlySpan<byte> lower) => name.Length == lower.Length && Ascii.EqualsIgnoreCase(name, lower);
}
