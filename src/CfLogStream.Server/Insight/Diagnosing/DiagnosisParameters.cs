using CfLogStream.ClickHouse.Reading;

namespace CfLogStream.Server.Insight.Diagnosing;

/// <summary>The parameters that the statements of a diagnosis have in common.</summary>
internal static class DiagnosisParameters
{
    public static QueryParameters Of(DiagnosisScope scope, DateTime from, DateTime to, TimeSpan bin)
    {
        bool prefix = scope.Path.EndsWith('*');
        DateTime quiet = to - TimeSpan.FromTicks(Math.Max((to - from).Ticks / 6, TimeSpan.FromMinutes(6).Ticks));
        return new QueryParameters()
            .Add("from", from)
            .Add("to", to)
            .Add("bin", (uint)bin.TotalSeconds)
            .Add("quiet", quiet)
            .Add("single", (byte)(scope.Partition is null ? 0 : 1))
            .Add("partition", scope.Partition ?? 0)
            .Add("zone", scope.Zone)
            .Add("host", scope.Host)
            .Add("path", prefix ? scope.Path[..^1] : scope.Path)
            .Add("prefix", prefix ? (byte)1 : (byte)0)
            .Add("client", scope.Client)
            .Add("rows", (uint)DiagnosisSql.MaxRows);
    }
}
