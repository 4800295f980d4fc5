using System.CommandLine;
using System.Text.Json;
using CfLogStream.Cli.Terminal;
using CfLogStream.Core.Logpush;
using CfLogStream.Server.Configuration;
using CfLogStream.Server.Setup;

namespace CfLogStream.Cli.Verbs;

/// <summary><c>logpush-job</c>: prints the calls of Cloudflare's API that make the jobs this program needs. It calls nothing.</summary>
internal static class LogpushJobVerb
{
    private const string DefaultVariable = "CFLOGSTREAM_TOKEN";

    private static readonly Dataset[] s_datasets =
        [Dataset.HttpRequests, Dataset.FirewallEvents, Dataset.AuditLogs, Dataset.AuditLogsV2];

    public static Command Create()
    {
        var zone = Text("--zone", "ID|NAME", "The zone, by its id or its name.");
        var account = Text("--account", "ID", "The account, by its id, for firewall_events of all its zones and for audit logs.");
        var to = Text("--to", "URL", "Where to send: the receiver's https address, 'r2://bucket/path' or 's3://bucket/path'.");
        to.Required = true;
        var datasets = new Option<string[]>("--dataset")
        {
            Description = "Only this dataset; may be given several times. Else http_requests and firewall_events.",
            HelpName = "NAME",
        };
        datasets.AcceptOnlyFromAmong([.. s_datasets.Select(DatasetNames.Of)]);
        var source = Text("--source", "NAME", "Which of receiver.tokens is used; else the first.");
        var tokenEnv = Text(
            "--token-env",
            "VARIABLE",
            $"The environment variable with the token, when the script runs; else the source's token_env, or {DefaultVariable}.");
        var noToken = new Option<bool>("--no-token") { Description = "The receiver asks for no token." };
        var tags = new Option<string[]>("--tag") { Description = "A mark that batches carry; may be given several times.", HelpName = "NAME:VALUE" };
        var name = Text("--name", "NAME", "How the jobs are called; the dataset is added.");
        var filter = Text("--filter", "JSON", "Which records are sent; else all.");
        var bytes = new Option<long?>("--upload-bytes") { Description = "The most bytes of an upload when inflated.", HelpName = "N" };
        var records = new Option<int?>("--upload-records") { Description = "The most records of an upload.", HelpName = "N" };
        var seconds = new Option<int?>("--upload-secs") { Description = "The longest time that an upload covers (30).", HelpName = "N" };
        var bucketAccount = Text("--bucket-account", "ID", "For 'r2://': the account that the bucket is in; else --account.");
        var region = Text("--region", "NAME", "For 's3://': the region of the bucket.");
        var endpoint = Text("--endpoint", "HOST", "For 's3://' that is not of AWS: the host that speaks S3.");
        var terraform = new Option<bool>("--terraform") { Description = "Prints resources of Terraform in place of calls." };
        var command = new Command(
            "logpush-job",
            "Prints the calls of Cloudflare's API that make Logpush jobs with all fields this program needs.")
        {
            zone, account, to, datasets, source, tokenEnv, noToken, tags, name, filter, bytes, records, seconds, bucketAccount, region, endpoint, terraform,
        };
        return command.Runs((parse, context, ct) =>
        {
            foreach (Option option in command.Options)
            {
                foreach (System.CommandLine.Parsing.Token token in parse.GetResult(option)?.Tokens ?? [])
                {
                    if (!ShellText.IsVisible(token.Value))
                    {
                        throw CommandException.Usage($"The value of '{option.Name}' is '{token.Value}'; expected no characters that cannot be seen.");
                    }
                }
            }

            try
            {
                JobScope scope = Scope(parse.GetValue(zone)!, parse.GetValue(account)!);
                Dataset[] chosen = Datasets(parse.GetValue(datasets) ?? [], scope);
                CfLogStreamOptions options = Options(context);
                JobLimits limits = JobLimits.For(options.Receiver, parse.GetValue(bytes), parse.GetValue(records), parse.GetValue(seconds));
                string text = parse.GetValue(filter)!;
                text = text.Length > 0 ? JobFilter.Check(text, chosen) : "";
                string variable = parse.GetValue(noToken) ? "" : Variable(
                    options.Receiver,
                    parse.GetValue(source)!,
                    parse.GetValue(tokenEnv)!);
                string prefix = parse.GetValue(name)! is { Length: > 0 } given ? given : scope.HasId ? "cflogstream" : $"{scope.Value}-cflogstream";
                string url = parse.GetValue(to)!;
                string bucketOf = parse.GetValue(bucketAccount)! is { Length: > 0 } id ? id : parse.GetValue(account)!;
                LogpushJob[] jobs =
                [
                    .. chosen.Select(dataset => new LogpushJob
                    {
                        Name = $"{prefix}-{DatasetNames.Of(dataset).Replace('_', '-')}",
                        Dataset = dataset,
                        Destination = Destination(dataset),
                        Fields = Fields(dataset, scope, options.Reader),
                        Limits = limits,
                        Filter = text,
                    }),
                ];
                return WriteAsync(context, scope, jobs, parse.GetValue(terraform), text.Length > 0, ct);

                JobDestination Destination(Dataset dataset) =>
                    url.StartsWith("r2://", StringComparison.Ordinal) || url.StartsWith("s3://", StringComparison.Ordinal)
                        ? JobDestination.Bucket(url, bucketOf, parse.GetValue(region)!, parse.GetValue(endpoint)!)
                        : JobDestination.Receiver(
                            url,
                            options.Receiver.TokenHeader,
                            variable,
                            [$"{(scope.IsAccount ? "account" : "zone")}:{scope.Value}", $"dataset:{DatasetNames.Of(dataset)}", .. parse.GetValue(tags) ?? []]);
            }
            catch (SetupException problem)
            {
                throw CommandException.Usage(problem.Message);
            }
        });
    }

    private static async Task<ExitCode> WriteAsync(
        CommandContext context, JobScope scope, LogpushJob[] jobs, bool terraform, bool isFiltered, CancellationToken ct)
    {
        if (isFiltered)
        {
            context.Stderr.WriteLine("cflogstream: note: with a filter all counts and shares are of what passes it, and a request that passes may lack its events.");
        }

        if (terraform)
        {
            await context.Stdout.WriteAsync(JobTerraform.Write(scope, jobs).AsMemory(), ct).ConfigureAwait(false);
        }
        else if (context.Format == OutputFormat.Text)
        {
            await context.Stdout.WriteAsync(JobScript.Write(scope, jobs).AsMemory(), ct).ConfigureAwait(false);
        }
        else
        {
            await JsonOutput.WriteAsync(context.Stdout, json => Write(json, scope, jobs), ct).ConfigureAwait(false);
        }

        return ExitCode.Ok;
    }

    /// <summary>The bodies of the calls, with <c>${NAME}</c> where a percent-encoded secret belongs.</summary>
    private static void Write(Utf8JsonWriter json, JobScope scope, LogpushJob[] jobs)
    {
        json.WriteStartArray();
        foreach (LogpushJob job in jobs)
        {
            json.WriteStartObject();
            json.WriteString("method", "POST");
            json.WriteString("path", $"/client/v4/{scope.Word}/{(scope.HasId ? scope.Value : "${ZONE_ID}")}/logpush/jobs");
            json.WriteBoolean("needs_ownership_challenge", job.Destination.NeedsOwnership);
            json.WriteStartArray("secrets");
            foreach (string variable in job.Destination.Variables)
            {
                json.WriteStringValue(variable);
            }

            json.WriteEndArray();
            json.WritePropertyName("body");
            json.WriteRawValue(string.Concat(job.Body().Select(part => part.IsVariable ? $"${{{part.Text}}}" : part.Text)));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static Option<string> Text(string name, string value, string description) =>
        new(name) { Description = description, HelpName = value, DefaultValueFactory = static _ => "" };

    private static JobScope Scope(string zone, string account)
    {
        if ((zone.Length > 0) == (account.Length > 0))
        {
            throw CommandException.Usage("Give either '--zone' or '--account': a job is of one of them.");
        }

        var scope = new JobScope(account.Length > 0, account.Length > 0 ? account : zone);
        return !scope.IsAccount || scope.HasId
            ? scope
            : throw CommandException.Usage($"The value of '--account' is '{account}'; expected the account's id, 32 hexadecimal digits.");
    }

    private static Dataset[] Datasets(string[] names, JobScope scope)
    {
        Dataset[] chosen = [.. s_datasets.Where(dataset => names.Contains(DatasetNames.Of(dataset)))];
        if (chosen.Length == 0)
        {
            return scope.IsAccount ? [Dataset.FirewallEvents] : [Dataset.HttpRequests, Dataset.FirewallEvents];
        }

        foreach (Dataset dataset in chosen)
        {
            if (dataset == Dataset.HttpRequests && scope.IsAccount)
            {
                throw CommandException.Usage("http_requests is a dataset of zones; expected '--zone' with it.");
            }

            if (dataset is Dataset.AuditLogs or Dataset.AuditLogsV2 && !scope.IsAccount)
            {
                throw CommandException.Usage($"{DatasetNames.Of(dataset)} is a dataset of accounts; expected '--account' with it.");
            }
        }

        return chosen;
    }

    /// <summary>The configuration, for its receiver; where the secrets are that it names is another machine's business.</summary>
    private static CfLogStreamOptions Options(CommandContext context) => context.ConfigFile is { } file
        ? ConfigurationLoader.Load(file, variable => context.Host.Environment(variable) is { Length: > 0 } value ? value : "-")
        : new CfLogStreamOptions();

    private static string Variable(ReceiverSection receiver, string source, string given)
    {
        if (source.Length > 0 && receiver.Tokens.All(token => token.Source != source))
        {
            throw CommandException.Usage($"The value of '--source' is '{source}'; expected a source of receiver.tokens.");
        }

        string variable = given.Length > 0 ? given
            : receiver.Tokens.FirstOrDefault(token => (source.Length == 0 || token.Source == source) && token.TokenEnv.Length > 0)?.TokenEnv
            ?? DefaultVariable;
        return ShellText.IsVariable(variable)
            ? variable
            : throw CommandException.Usage("The value of '--token-env' is no name of an environment variable; expected one, and not the token itself.");
    }

    private static IReadOnlyList<string> Fields(Dataset dataset, JobScope scope, ReaderOptions reader)
    {
        IReadOnlyList<string> fields = FieldPurposes.JobFields(dataset, scope.IsAccount);
        return dataset == Dataset.HttpRequests ? [.. fields.Union(reader.ExtraFields)] : fields;
    }
}
