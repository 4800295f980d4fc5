using System.Text;
using CfLogStream.Generator.Randomness;

namespace CfLogStream.Generator.World;

/// <summary>What a program shows of itself: user agent, TLS and HTTP.</summary>
internal sealed class Fingerprint
{
    public Fingerprint(string userAgent, string family, string protocol = "HTTP/2", string device = "desktop", string tls = "TLSv1.3",
        string clientName = "")
    {
        ulong hash = Mix.Of(0x4A41_3400, family + protocol + tls);
        UserAgent = Encoding.UTF8.GetBytes(userAgent);
        Protocol = Encoding.ASCII.GetBytes(protocol);
        Device = Encoding.ASCII.GetBytes(device);
        Tls = Encoding.ASCII.GetBytes(tls);
        bool modern = tls == "TLSv1.3";
        Cipher = Encoding.ASCII.GetBytes(modern ? (hash & 1) == 0 ? "AEAD-AES128-GCM-SHA256" : "AEAD-AES256-GCM-SHA384"
            : "ECDHE-RSA-AES128-GCM-SHA256");
        string alpn = protocol == "HTTP/1.1" ? "h1" : protocol == "HTTP/3" ? "h3" : "h2";
        string transport = protocol == "HTTP/3" ? "q" : "t";
        string shape = $"{transport}{(modern ? "13" : "12")}d{11 + ((hash >> 8) % 9):00}{9 + ((hash >> 16) % 9):00}{alpn}";
        Ja4 = Encoding.ASCII.GetBytes($"{shape}_{hash & 0xFFFFFFFFFFFF:x12}_{Mix.Of(hash, 4) & 0xFFFFFFFFFFFF:x12}");
        Ja3 = Encoding.ASCII.GetBytes($"{Mix.Of(hash, 5):x16}{Mix.Of(hash, 6):x16}");
        Hash = hash;
        ClientName = clientName;
    }

    public byte[] UserAgent { get; }

    public byte[] Protocol { get; }

    public byte[] Device { get; }

    public byte[] Tls { get; }

    public byte[] Cipher { get; }

    public byte[] Ja3 { get; }

    public byte[] Ja4 { get; }

    /// <summary>The client name of whoever uses this program; empty when the actor's own name counts.</summary>
    public string ClientName { get; }

    /// <summary>The same for all user agents of one program family.</summary>
    public ulong Hash { get; }
}
