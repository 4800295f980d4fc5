using System.Text;

namespace CfLogStream.Server.Setup;

/// <summary>Writes the calls that make jobs as a bash script: what a person reads, checks and runs.</summary>
/// <remarks>
/// Nothing of the user stands in it unquoted, and no secret at all: those are taken from the environment when it runs, percent-encoded
/// by the script, and handed to curl by its standard input and by a descriptor, so that a list of processes does not show them.
/// </remarks>
public static class JobScript
{
    private const string Api = "https://api.cloudflare.com/client/v4";
    private const string ChallengeVariable = "OWNERSHIP_CHALLENGE";

    /// <summary>Returns the script.</summary>
    public static string Write(JobScope scope, IReadOnlyList<LogpushJob> jobs)
    {
        ArgumentNullException.ThrowIfNull(scope);
        ArgumentNullException.ThrowIfNull(jobs);
        bool needsOwnership = jobs.Any(job => job.Destination.NeedsOwnership);
        var text = new StringBuilder();
        Lines(
            text,
            "#!/usr/bin/env bash",
            "# Makes Logpush jobs for CfLogStream. Read it, then run it with bash.",
            "# CLOUDFLARE_API_TOKEN needs the permission 'Logs: Edit'" + (scope is { IsAccount: false, HasId: false } ? " and 'Zone: Read'." : "."),
            "set -euo pipefail",
            ": \"${CLOUDFLARE_API_TOKEN:?is not set}\"");
        foreach (string variable in jobs.SelectMany(job => job.Destination.Variables).Distinct())
        {
            Lines(text, $": \"${{{variable}:?is not set}}\"");
        }

        Lines(
            text,
            "",
            "api() { curl --silent --show-error --fail-with-body --header @<(printf 'Authorization: Bearer %s\\n' \"$CLOUDFLARE_API_TOKEN\") \"$@\"; }");
        if (jobs.Any(job => job.Destination.Variables.Any()))
        {
            Lines(text, "percent() { printf %s \"$1\" | od -An -v -tx1 | tr -d ' \\n' | sed 's/../%&/g'; }");
        }

        Lines(text, "");
        WriteScope(text, scope);
        if (needsOwnership)
        {
            WriteOwnership(text, jobs);
        }

        foreach (LogpushJob job in jobs)
        {
            Lines(text, "", $"# {Core.Logpush.DatasetNames.Of(job.Dataset)}: {job.Fields.Count} fields");
            WriteBody(text, job.Body(job.Destination.NeedsOwnership ? ChallengeVariable : ""));
            Lines(
                text,
                $"  | api --request POST --header 'Content-Type: application/json' --data-binary @- \"$scope/logpush/jobs\"",
                "echo");
        }

        return text.ToString();
    }

    private static void WriteScope(StringBuilder text, JobScope scope)
    {
        if (scope.HasId)
        {
            Lines(text, $"scope={ShellText.Quote($"{Api}/{scope.Word}/{scope.Value}")}");
            return;
        }

        if (scope.IsAccount)
        {
            throw new SetupException($"The account is '{scope.Value}'; expected its id, 32 hexadecimal digits.");
        }

        Lines(
            text,
            $"answer=$(api --get --data-urlencode {ShellText.Quote("name=" + scope.Value)} '{Api}/zones')",
            "[[ $answer =~ \\\"id\\\":\\ *\\\"([0-9a-f]{32})\\\" ]] \\",
            $"  || {{ printf 'There is no zone %s that the token may read.\\n' {ShellText.Quote(scope.Value)} >&2; exit 1; }}",
            $"scope=\"{Api}/zones/${{BASH_REMATCH[1]}}\"");
    }

    /// <summary>A bucket of AWS: Cloudflare writes a file into it, and what is in the file proves that the user can read it.</summary>
    private static void WriteOwnership(StringBuilder text, IReadOnlyList<LogpushJob> jobs)
    {
        string destination = System.Text.Json.JsonSerializer.Serialize(
            new Dictionary<string, string> { ["destination_conf"] = jobs[0].Destination.ToString() });
        Lines(
            text,
            "",
            "# The bucket must be shown to be yours: the answer names a file that Cloudflare has put into it. Run this again with what is in it.",
            $"if [ -z \"${{{ChallengeVariable}:-}}\" ]; then",
            $"  printf '%s' {ShellText.Quote(destination)} \\",
            "    | api --request POST --header 'Content-Type: application/json' --data-binary @- \"$scope/logpush/ownership\"",
            $"  printf '\\nRead that file, and run this again with {ChallengeVariable} set to its content.\\n' >&2",
            "  exit 0",
            "fi",
            $"case ${ChallengeVariable} in *[!A-Za-z0-9._-]*) echo '{ChallengeVariable} is no ownership challenge.' >&2; exit 1;; esac");
    }

    private static void WriteBody(StringBuilder text, IReadOnlyList<SecretPart> parts)
    {
        text.Append("printf '%s'");
        foreach (SecretPart part in parts)
        {
            text.Append(' ').Append(
                !part.IsVariable ? ShellText.Quote(part.Text)
                : part.Text == ChallengeVariable ? $"\"${ChallengeVariable}\""
                : $"\"$(percent \"${part.Text}\")\"");
        }

        text.Append(" \\\n");
    }

    private static void Lines(StringBuilder text, params string[] lines)
    {
        foreach (string line in lines)
        {
            text.Append(line).Append('\n');
        }
    }
}
