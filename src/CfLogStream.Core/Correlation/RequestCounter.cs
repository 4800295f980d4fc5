using CfLogStream.Core.Logpush;
using CfLogStream.Core.Traffic;

namespace CfLogStream.Core.Correlation;

/// <summary>Puts resolved requests into the rows of their minute and hour.</summary>
internal sealed class RequestCounter(DimensionMemo memo, RayTable rays, WindowSet windows)
{
    public void CountEvent(in RecordPlace place, bool unmatched)
    {
        ref QualityCounts quality = ref windows.Quality(place, Dataset.FirewallEvents);
        CountRecord(ref quality, place);
        if (unmatched)
        {
            quality.Unmatched++;
        }
    }

    public void Count(in ResolvedRequest request, ReadOnlySpan<Match> matches)
    {
        RecordFlags flags = request.Record.Head.Flags;
        bool isSubrequest = (flags & RecordFlags.WorkerSubrequest) != 0;
        bool isInternal = (flags & RecordFlags.Internal) != 0;
        CountQuality(request, isInternal, isSubrequest);
        if (isSubrequest)
        {
            if (request.Lost)
            {
                windows.Minute(request.Place)?.Keep(request, matches, rays);
            }
        }
        else if (!isInternal)
        {
            ref DimensionMemo.Pair pair = ref memo.Of(request.Record);
            windows.Minute(request.Place)?.Count(request, matches, ref pair, rays);
            windows.Hour(request.Place)?.Count(request, matches, ref pair);
        }
    }

    private static void CountRecord(ref QualityCounts quality, in RecordPlace place)
    {
        quality.Counted++;
        if (place.Late)
        {
            quality.Late++;
        }

        if (place.Future)
        {
            quality.Future++;
        }
    }

    private void CountQuality(in ResolvedRequest request, bool isInternal, bool isSubrequest)
    {
        if (!request.HasRequest)
        {
            if (request.Forced)
            {
                windows.Quality(request.Place, Dataset.FirewallEvents).Forced++;
            }

            return;
        }

        ref QualityCounts quality = ref windows.Quality(request.Place, Dataset.HttpRequests);
        CountRecord(ref quality, request.Place);
        quality.Unmatched += (uint)request.Missing;
        quality.Internal += isInternal ? 1U : 0;
        quality.Subrequests += isSubrequest ? 1U : 0;
        quality.Forced += request.Forced ? 1U : 0;
    }
}
