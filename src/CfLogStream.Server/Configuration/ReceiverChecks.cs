using System.Net;

namespace CfLogStream.Server.Configuration;

/// <summary>Checks what single keys of the receiver and spool sections cannot.</summary>
internal sealed class ReceiverChecks(CfLogStreamOptions options, ConfigurationBinder binder, ProblemList problems)
{
    private readonly ReceiverSection _receiver = options.Receiver;

    /// <summary>Adds every problem that is found.</summary>
    public void Run()
    {
        Listen();
        for (int i = 0; i < _receiver.Tokens.Count; i++)
        {
            ReceiverToken token = _receiver.Tokens[i];
            if ((token.TokenEnv.Length > 0) == (token.TokenFile.Length > 0))
            {
                Add(
                    $"receiver.tokens[{i}]",
                    $"receiver.tokens[{i}] ('{token.Source}') needs exactly one of 'token_env' and 'token_file'.");
            }
        }

        for (int i = 0; i < _receiver.Networks.Count; i++)
        {
            if (!IPNetwork.TryParse(_receiver.Networks[i], out _))
            {
                string key = $"receiver.networks[{i}]";
                Add(key, $"{key} is '{_receiver.Networks[i]}'; expected a network, for instance '192.0.2.0/24'.");
            }
        }

        if ((_receiver.CertificateFile.Length == 0) != (_receiver.KeyFile.Length == 0))
        {
            string key = _receiver.CertificateFile.Length > 0 ? "receiver.certificate_file" : "receiver.key_file";
            Add(key, $"{key} is given alone; expected receiver.certificate_file and receiver.key_file together.");
        }

        if (binder.IsSound("spool.segment_bytes") && binder.IsSound("spool.max_bytes")
            && options.Spool.SegmentBytes * options.Spool.Partitions * 2 > options.Spool.MaxBytes)
        {
            string key = binder.IsGiven("spool.max_bytes") ? "spool.max_bytes" : "spool.segment_bytes";
            Add(
                key,
                $"spool.max_bytes ({options.Spool.MaxBytes}) must be at least twice spool.segment_bytes ({options.Spool.SegmentBytes}) "
                    + "times "
                + $"spool.partitions ({options.Spool.Partitions}): only whole segments make room.");
        }
    }

    /// <summary>Others than this machine reach it: then they must show who they are.</summary>
    private void Listen()
    {
        if (_receiver.Listen.Length == 0 || !binder.IsSound("receiver.listen"))
        {
            return;
        }

        if (!IPEndPoint.TryParse(_receiver.Listen, out IPEndPoint? endpoint))
        {
            Add("receiver.listen", $"receiver.listen is '{_receiver.Listen}'; expected an IP address of this machine and a port, for instance '0.0.0.0:8787'.");
        }
        else if (!IPAddress.IsLoopback(endpoint.Address) && _receiver.Tokens.Count == 0 && _receiver.Networks.Count == 0)
        {
            Add(
                "receiver.listen",
                $"receiver.listen ('{_receiver.Listen}') can be reached from outside, but receiver.tokens and receiver.networks are "
                    + "empty: anybody could "
                + "send records. Give at least one token.");
        }
    }

    private void Add(string path, string message) => problems.Add(binder.PositionOf(path), path, message);
}
