using System.Globalization;
using System.Text;
using CfLogStream.Generator;

namespace CfLogStream.Benchmarks.Log;

/// <summary>Records of a much later time, so that every window before them ends.</summary>
internal static class ClosingRecords
{
    /// <summary>Their time; the generator's records are all earlier.</summary>
    public static readonly DateTimeOffset Time = GeneratorDefaults.Start.AddDays(2);

    /// <summary>Returns lines with rays that fall into every partition, when there are many more of them than partitions. They wait for no
    /// security event.</summary>
    public static byte[] Make(int records) => Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, records)
        .Select(i => Request($"{0x9100000000000000UL + (ulong)(i * 7919L):x16}", "closing.example", Time))));

    /// <summary>Returns the line of a request that waits for no security event.</summary>
    public static string Request(string ray, string host, DateTimeOffset time) => string.Create(
        CultureInfo.InvariantCulture,
        $$"""{"RayID":"{{ray}}","EdgeStartTimestamp":"{{time:yyyy-MM-ddTHH:mm:ss}}Z","ZoneName":"{{host[(host.IndexOf('.', StringComparison.Ordinal) + 1)..]}}","ClientRequestHost":"{{host}}","ClientRequestMethod":"GET","ClientRequestURI":"/","EdgeResponseStatus":200,"OriginResponseStatus":200,"SecurityActions":[],"SecurityRuleIDs":[],"SecuritySources":[]}{{'\n'}}""");
}
