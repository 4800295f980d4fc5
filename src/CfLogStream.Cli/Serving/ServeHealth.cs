using CfLogStream.Server.Configuration;
using CfLogStream.Server.Serving;
using CfLogStream.Server.Spool;

namespace CfLogStream.Cli.Serving;

/// <summary>What of a service has to be ready before it is.</summary>
internal static class ServeHealth
{
    private const string Receiver = "receiver";
    private const string Spool = "spool";
    private const string Ingest = "ingest";
    private const string ClickHouse = "clickhouse";
    private const string IsStarting = "is starting";

    /// <summary>Says what is not ready yet; each part says for itself when it is.</summary>
    public static void Starting(HealthBoard health, Roles roles, CfLogStreamOptions options)
    {
        bool hasKafka = options.Kafka.BootstrapServers.Length > 0;
        bool ingests = (roles & Roles.Ingest) != 0;
        bool receives = ingests && options.Receiver.Listen.Length > 0;
        if (!hasKafka || receives)
        {
            health.SetNotReady(Receiver, IsStarting);
        }

        if (hasKafka && (receives || (ingests && options.Ingest.Topics.Count > 0)))
        {
            health.SetNotReady(Ingest, IsStarting);
        }

        if ((roles & Roles.Process) != 0)
        {
            health.SetNotReady(ClickHouse, IsStarting);
        }
    }

    /// <summary>Says that uploads are taken from now on, while the spool can.</summary>
    /// <param name="spool">The log on this machine; null for the one in Kafka.</param>
    public static void Receives(HealthBoard health, SpoolLog? spool)
    {
        if (spool is not null)
        {
            health.Watch(Spool, spool.Trouble);
        }

        health.SetReady(Receiver);
    }
}
