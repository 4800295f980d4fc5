using System.Globalization;
using CfLogStream.Core.Logpush;
using CfLogStream.Server.Configuration;
using CfLogStream.Server.Setup;
using CfLogStream.Server.Sources;

namespace CfLogStream.Server.Doctor;

/// <summary>Says what uploads lack, and what that costs.</summary>
public static class ArrivalChecks
{
    private const double FewDeadLetters = 0.01;
    private const double NearlyAll = 0.95;
    private const double Half = 0.5;
    private static readonly TimeSpan s_clockError = TimeSpan.FromMinutes(10);

    /// <summary>Checks what was seen.</summary>
    /// <param name="now">The time of this machine's clock.</param>
    public static IReadOnlyList<Finding> Run(ArrivalSurvey survey, ReceiverSection receiver, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(survey);
        ArgumentNullException.ThrowIfNull(receiver);
        var findings = new List<Finding>();
        foreach (SourceError error in survey.Errors)
        {
            findings.Add(Finding.Problem("reading", error.ToString().TrimEnd('.'), "what is behind it was not looked at", ""));
        }

        if (survey.Lines == 0)
        {
            findings.Add(Finding.Problem(
                "arrival",
                "nothing has arrived",
                "there is nothing to say",
                "Look at the job's state in the Cloudflare dashboard."));
            return findings;
        }

        findings.AddRange(DeadLetters(survey));
        findings.AddRange(Presence(survey));
        foreach (DatasetSurvey dataset in survey.Datasets.Where(dataset => dataset.Records > 0))
        {
            findings.AddRange(FieldChecks.Run(dataset));
            findings.Add(Times(dataset));
        }

        findings.AddRange(Join(survey));
        findings.AddRange(Sizes(survey, receiver));
        findings.AddRange(Clock(survey, now));
        return findings;
    }

    private static IEnumerable<Finding> DeadLetters(ArrivalSurvey survey)
    {
        (ReadStatus Status, long Count)[] rejected =
        [
            .. Enum.GetValues<ReadStatus>().Where(ReadStatusNames.IsDeadLetter).Select(status => (status, survey.Count(status)))
                .Where(pair => pair.Item2 > 0).OrderByDescending(pair => pair.Item2),
        ];
        long sum = rejected.Sum(pair => pair.Count);
        if (sum == 0)
        {
            yield return Finding.Ok(
                "lines",
                string.Create(CultureInfo.InvariantCulture, $"all {survey.Lines} lines of {survey.Files} files are records"));
            yield break;
        }

        string reasons = string.Join(", ", rejected.Select(pair => $"{ReadStatusNames.Of(pair.Status)} {pair.Count}"));
        yield return new Finding(
            sum > FewDeadLetters * survey.Lines ? FindingLevel.Problem : FindingLevel.Warning,
            "lines",
            $"{sum} of {survey.Lines} lines are dead letters ({reasons})",
            "they are in no count",
            "Set output_options.output_type to \"ndjson\", without prefixes, suffixes, templates and transformers.");
    }

    private static IEnumerable<Finding> Presence(ArrivalSurvey survey)
    {
        long requests = survey.Datasets[(int)Dataset.HttpRequests].Records;
        long events = survey.Datasets[(int)Dataset.FirewallEvents].Records;
        yield return requests > 0
            ? Finding.Ok("datasets", $"http_requests: {requests} records")
            : Finding.Problem(
                "datasets",
                "no http_requests",
                "nothing is known of what passes, and so no share of anything",
                MakeJob(Dataset.HttpRequests));
        yield return events > 0
            ? Finding.Ok("datasets", $"firewall_events: {events} records")
            : Finding.Problem(
                "datasets",
                "no firewall_events",
                "rules that only log or skip, rule descriptions and what a rule matched are not known",
                MakeJob(Dataset.FirewallEvents));
    }

    private static string MakeJob(Dataset dataset) => $"Make the job: cflogstream logpush-job --dataset {DatasetNames.Of(dataset)} prints the call.";

    private static Finding Times(DatasetSurvey survey)
    {
        string check = $"{survey.Name} times";
        if (survey.Times(TimeForm.Other) > 0)
        {
            return Finding.Problem(
                check,
                $"{survey.Times(TimeForm.Other)} times of no form that Logpush writes",
                "such records have no window",
                $"Set output_options.timestamp_format to \"{LogpushJob.TimestampFormat}\".");
        }

        return survey.Times(TimeForm.Seconds) == 0
            ? Finding.Ok(check, "finer than a second")
            : Finding.Warning(
                check,
                survey.Times(TimeForm.Finer) > 0 ? "some in seconds" : "in seconds",
                "windows are right, the order within a second is lost",
                $"Set output_options.timestamp_format to \"{LogpushJob.TimestampFormat}\".");
    }

    private static IEnumerable<Finding> Join(ArrivalSurvey survey)
    {
        DatasetSurvey requests = survey.Datasets[(int)Dataset.HttpRequests];
        DatasetSurvey events = survey.Datasets[(int)Dataset.FirewallEvents];
        if (requests.Records == 0 || events.Records == 0)
        {
            yield break;
        }

        (long rays, long joined) = survey.Rays.Join(requests.OldestNs, requests.NewestNs);
        if (rays == 0)
        {
            yield return Finding.Warning(
                "join", "the two datasets cover no common time", "whether they join cannot be seen", "Give files of both of the same time.");
            yield break;
        }

        double share = (double)joined / rays;
        string found = string.Create(
            CultureInfo.InvariantCulture,
            $"{share * 100:0.#} % of {rays} rays with security events have their request");
        if (share >= NearlyAll)
        {
            yield return Finding.Ok("join", found);
            yield break;
        }

        yield return new Finding(
            share < Half ? FindingLevel.Problem : FindingLevel.Warning,
            "join",
            found,
            "http_requests is sampled or filtered, or a file of it is missing here: shares and rates are wrong, callers are missed",
            "Leave output_options.sample_rate out of both jobs (or set it to 1), and give both the same filter or none.");
    }

    private static IEnumerable<Finding> Sizes(ArrivalSurvey survey, ReceiverSection receiver)
    {
        bool isLarge = survey.LargestBytes > receiver.InflatedBytes;
        if (!isLarge && survey.MostLines <= receiver.Records)
        {
            yield return Finding.Ok(
                "upload size",
                $"at most {survey.LargestBytes} bytes and {survey.MostLines} lines; the receiver takes {receiver.InflatedBytes} and {receiver.Records}");
            yield break;
        }

        yield return Finding.Problem(
            "upload size",
            isLarge
                ? $"a file of {survey.LargestBytes} bytes; receiver.inflated_bytes is {receiver.InflatedBytes}"
                : $"a file of {survey.MostLines} lines; receiver.records is {receiver.Records}",
            "such an upload is refused, comes again and is dropped in the end",
            isLarge
                ? $"Set the job's max_upload_bytes to {Math.Clamp(receiver.InflatedBytes, JobLimits.LeastBytes, JobLimits.MostBytes)} or less, or raise receiver.inflated_bytes."
                : $"Set the job's max_upload_records to {receiver.Records} or less, or raise receiver.records.");
    }

    private static IEnumerable<Finding> Clock(ArrivalSurvey survey, DateTimeOffset now)
    {
        long newest = survey.Datasets.Max(dataset => dataset.NewestNs);
        if (newest == long.MinValue)
        {
            yield break;
        }

        var time = DateTimeOffset.FromUnixTimeMilliseconds(newest / 1_000_000);
        yield return time > now + s_clockError
            ? Finding.Problem(
                "clock",
                $"the newest record is of {time:u}, and this machine has {now:u}",
                "records of the future move no watermark: their windows stay open",
                "Set the clock (NTP).")
            : Finding.Ok("clock", $"the newest record is of {time:u}, and this machine has {now:u}");
    }
}
