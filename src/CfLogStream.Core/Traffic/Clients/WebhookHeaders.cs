using System.Text;
using CfLogStream.Core.Traffic.Paths;

namespace CfLogStream.Core.Traffic.Clients;

/// <summary>The request headers that webhook deliveries carry, and whose they are.</summary>
/// <remarks>
/// Built once: a table of header names; per header the client names that use it and the one it stands for alone.
/// </remarks>
internal sealed class WebhookHeaders
{
    private readonly WordTable _names;
    private readonly byte[][][] _senders;
    private readonly byte[][] _alone;

    public WebhookHeaders(IReadOnlyList<WebhookSender> senders)
    {
        var names = new List<string>();
        foreach (WebhookSender sender in senders)
        {
            names.AddRange(sender.Headers.Where(header => !names.Contains(header)));
        }

        _names = new WordTable([.. names.Select((name, id) => (Encoding.ASCII.GetBytes(name), id))]);
        _senders = new byte[names.Count][][];
        _alone = new byte[names.Count][];
        for (int id = 0; id < names.Count; id++)
        {
            string header = names[id];
            List<WebhookSender> users = [.. senders.Where(sender => sender.Headers.Contains(header))];
            List<string> distinct = [.. users.Select(sender => sender.Name).Distinct()];
            string alone = distinct.Count == 1 ? distinct[0] : users.Find(sender => (sender.Hints & ClientHints.Generic) != 0)?.Name ?? "";
            _senders[id] = [.. distinct.Select(Encoding.UTF8.GetBytes)];
            _alone[id] = Encoding.UTF8.GetBytes(alone);
        }
    }

    /// <summary>Finds a header, whatever its case; -1 when it is none of the table.</summary>
    public int Find(ReadOnlySpan<byte> name) => _names.Find(name);

    /// <summary>Whether a client of this name sends the header.</summary>
    public bool IsOf(int id, ReadOnlySpan<byte> clientName)
    {
        foreach (byte[] sender in _senders[id])
        {
            if (clientName.SequenceEqual(sender))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The client name that the header stands for by itself; empty when several senders use it.</summary>
    public ReadOnlySpan<byte> NameOf(int id) => _alone[id];

    /// <summary>Whether only one sender uses the header.</summary>
    public bool IsIdentifying(int id) => _senders[id].Length == 1;
}
