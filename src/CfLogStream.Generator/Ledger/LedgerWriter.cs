using System.Globalization;
using System.Text;
using CfLogStream.Generator.Records;
using CfLogStream.Generator.Scenarios;
using CfLogStream.Generator.Simulation;
using CfLogStream.Generator.Uploads;
using CfLogStream.Generator.World;

namespace CfLogStream.Generator.Ledger;

/// <summary>Writes <c>ledger.ndjson</c>: one JSON object per line, each with a <c>type</c>.</summary>
internal sealed class LedgerWriter(Stream stream, WorldModel world, TruthLedger truth) : IDisposable
{
    private static readonly byte[][] s_outcomes = [.. ((string[])["passed", "exempted", "logged", "challenged", "challenge_solved",
        "rate_limited", "blocked", "dropped"]).Select(Encoding.ASCII.GetBytes)];

    private readonly LedgerLine _line = new(stream);

    public void WriteHeader(GeneratorOptions options, Incident? incident, TimeSpan interval, Variety variety)
    {
        _line.Begin("header");
        _line.Text("scenario", options.Scenario);
        _line.Text("seed", options.Seed.ToString(CultureInfo.InvariantCulture));
        if (options.TargetBytes is { } bytes)
        {
            _line.Number("target_bytes", bytes);
        }
        else
        {
            _line.Number("records", options.Records);
        }

        if (options.Rate is { } rate)
        {
            _line.Text("rate", rate.ToString(CultureInfo.InvariantCulture));
        }

        _line.Time("start", world.StartMs);
        _line.Time("end", world.EndMs);
        _line.Text("disorder", options.Disorder.ToString().ToLowerInvariant());
        _line.Text("oddities", options.Oddities.ToString().ToLowerInvariant());
        _line.Text("timestamp_format", options.TimestampFormat.ToString().ToLowerInvariant());
        _line.Boolean("minimal", options.Minimal);
        _line.Number("batch_records", options.BatchRecords);
        _line.Number("batch_interval_seconds", (long)interval.TotalSeconds);
        if (variety.Wide)
        {
            _line.Text("variation", "wide");
            _line.Key("variation_parameters");
            _line.Open();
            foreach ((string name, string value) in variety.Chosen)
            {
                _line.Text(name, value);
            }

            _line.Close();
        }

        if (incident is not null)
        {
            _line.Key("incident");
            _line.Open();
            WriteIncident(incident);
            _line.Close();
        }

        _line.End();
    }

    /// <summary>Writes the changes of configuration that the audit logs tell.</summary>
    public void WriteChanges(IEnumerable<ConfigurationChange> changes)
    {
        foreach (ConfigurationChange change in changes.OrderBy(change => change.Ms))
        {
            _line.Begin("change");
            _line.Time("time", change.Ms);
            _line.Text("zone", change.Zone);
            _line.Text("action_type", change.ActionType);
            _line.Text("resource_id", change.ResourceId);
            _line.Text("description", change.Description);
            _line.Boolean("in_audit_logs", change.InVersion1);
            _line.Boolean("in_audit_logs_v2", change.InVersion2);
            _line.Text("role", change.Role);
            _line.End();
        }
    }

    public void WriteBatch(Batch batch)
    {
        WriteBatch(batch, batch.Name, batch.DeliveredMs, "");
        if (batch.AgainName.Length != 0)
        {
            WriteBatch(batch, batch.AgainName, batch.AgainDeliveredMs, batch.Name);
        }
    }

    /// <summary>Writes the minutes that are over at <paramref name="nowMs"/>.</summary>
    public void WriteMinutes(long nowMs)
    {
        while (truth.TryTakeClosed(nowMs, out long minute, out MinuteTruth rows))
        {
            foreach (ref readonly TruthRow row in rows.Rows)
            {
                _line.Begin("minute");
                _line.Time("minute", minute * 60_000);
                WriteRow(in row);
                _line.End();
            }

            truth.Return(rows);
        }
    }

    /// <summary>Writes what is known only at the end.</summary>
    public void WriteTotals(IReadOnlyList<DatasetSummary> datasets, IReadOnlyList<string> oddities, Incident? incident)
    {
        for (int i = 0; i < world.Actors.Length; i++)
        {
            WriteActor(world.Actors[i], truth.Actors[i]);
        }

        if (incident is not null)
        {
            _line.Begin("incident");
            _line.Number("lost", truth.IncidentLost);
            _line.Number("attacks_exempted", truth.IncidentLetIn);
            if (truth.FirstLostMs != 0)
            {
                _line.Time("first_lost", truth.FirstLostMs);
                _line.Time("last_lost", truth.LastLostMs);
            }

            _line.Key("stopped");
            _line.Json.Raw((byte)'[');
            truth.IncidentRows.Sort();
            bool first = true;
            foreach (ref readonly TruthRow row in truth.IncidentRows.Rows)
            {
                _line.Json.Raw(first ? ""u8 : ","u8);
                first = false;
                _line.Open();
                WriteRow(in row);
                _line.Number("attack_lost", row.AttackLost);
                _line.Close();
            }

            _line.Json.Raw((byte)']');
            _line.End();
        }

        WriteStopped();

        foreach (DatasetSummary dataset in datasets)
        {
            _line.Begin("dataset");
            _line.Text("dataset", dataset.Name);
            _line.Number("records", dataset.Records);
            _line.Number("duplicates", dataset.Duplicates);
            _line.Number("dead_lines", dataset.DeadLines);
            _line.Number("lines", dataset.Records + dataset.Duplicates + dataset.DeadLines);
            _line.Number("bytes", dataset.Bytes);
            _line.Number("uploads", dataset.Uploads);
            _line.End();
        }

        _line.Begin("end");
        _line.Number("requests", truth.Requests);
        _line.Number("worker_subrequests", truth.Subrequests);
        _line.Number("cf_internal", truth.Internal);
        _line.Key("oddities");
        _line.Open();
        foreach (string oddity in oddities)
        {
            int colon = oddity.IndexOf('=', StringComparison.Ordinal);
            _line.Number(oddity[..colon], long.Parse(oddity[(colon + 1)..], CultureInfo.InvariantCulture));
        }

        _line.Close();
        _line.End();
        stream.Flush();
    }

    public void Dispose() => stream.Dispose();

    private void WriteIncident(Incident incident)
    {
        _line.Text("pattern", incident.Pattern);
        _line.Text("control", incident.Rule.Control.Name);
        _line.Text("action", incident.Rule.Action.Name);
        _line.Text("rule_id", incident.Rule.IdText);
        _line.Text("rule", incident.Rule.DescriptionText);
        _line.Text("scope", incident.Scope);
        _line.Text("zone", incident.Endpoint.Host.ZoneName);
        _line.Text("host", incident.Endpoint.Host.Name);
        _line.Text("method", incident.CulpritMethod.Length != 0 ? incident.CulpritMethod : incident.Endpoint.Method);
        _line.Text("template", incident.Endpoint.Template);
        _line.Text("surface", incident.Endpoint.Surface);
        ClientIdentity client = incident.CulpritClient ?? incident.Culprit.Clients[0];
        _line.Text("client_class", client.Class);
        _line.Text("client_name", client.Name);
        _line.Text("actor", incident.Culprit.Name);
        _line.Time("onset", incident.OnsetMs);
        if (incident.FixMs != long.MaxValue)
        {
            _line.Time("fixed", incident.FixMs);
        }

        _line.Text("fix", incident.Fix);
        if (incident.SkipRule is not null)
        {
            _line.Text("skip_rule_id", incident.SkipRule.IdText);
            _line.Text("skip_rule", incident.SkipRule.DescriptionText);
            _line.Time("skip_from", incident.SkipFromMs);
        }

        _line.Key("expected_lost_share");
        _line.Json.Digits((long)incident.ExpectedLostShare, 1);
        _line.Json.Raw((byte)'.');
        _line.Json.Digits((long)(incident.ExpectedLostShare * 1000) % 1000, 3);
        _line.Key("parameters");
        _line.Open();
        foreach ((string name, string value) in incident.Parameters)
        {
            _line.Text(name, value);
        }

        _line.Close();
    }

    private void WriteBatch(Batch batch, string name, long deliveredMs, string original)
    {
        _line.Begin("batch");
        _line.Text("file", name);
        _line.Text("dataset", batch.Dataset);
        _line.Number("lines", batch.Lines);
        _line.Number("dead_lines", batch.DeadLines);
        _line.Number("bytes", batch.Bytes);
        if (batch.LastMs >= batch.FirstMs)
        {
            _line.Time("first", batch.FirstMs);
            _line.Time("last", batch.LastMs);
            _line.Number("lag_ms", deliveredMs - batch.LastMs);
            _line.Number("max_lag_ms", deliveredMs - batch.FirstMs);
        }

        _line.Number("inversions", batch.Inversions);
        _line.Time("delivered", deliveredMs);
        if (original.Length != 0)
        {
            _line.Text("duplicate_of", original);
        }

        _line.End();
    }

    private void WriteRow(in TruthRow row)
    {
        (Endpoint endpoint, ClientIdentity client, byte[] method) = truth.Unpack(row.Key);
        _line.Text("zone", endpoint.Host.ZoneName);
        _line.Text("host", endpoint.Host.Name);
        _line.Key("method");
        _line.Json.Quoted(method);
        _line.Text("template", endpoint.Template);
        _line.Text("surface", endpoint.Surface);
        _line.Text("client_class", client.Class);
        _line.Text("client_name", client.Name);
        _line.Number("requests", row.Requests);
        _line.Number("lost", row.Lost);
        for (int outcome = 0; outcome < OutcomeCounts.Count; outcome++)
        {
            if (row.Outcomes[outcome] != 0)
            {
                _line.Number(s_outcomes[outcome], row.Outcomes[outcome]);
            }
        }

        if (row.Edge5xx + row.Origin5xx != 0)
        {
            _line.Number("edge_5xx", row.Edge5xx);
            _line.Number("origin_5xx", row.Origin5xx);
        }
    }

    private void WriteStopped()
    {
        foreach (StoppedCount count in truth.Stopped.Sorted())
        {
            _line.Begin("stopped_by_rule");
            _line.Text("zone", count.Host.ZoneName);
            _line.Text("host", count.Host.Name);
            _line.Text("control", count.Rule.Control.Name);
            _line.Text("rule_id", count.Rule.IdText);
            _line.Text("rule", count.Rule.DescriptionText);
            _line.Text("action", count.Action.Name);
            _line.Text("client_class", count.Client.Class);
            _line.Text("client_name", count.Client.Name);
            _line.Number("lost_legitimate", count.Legitimate);
            _line.Number("lost_attack", count.Attack);
            _line.End();
        }
    }

    private void WriteActor(Actor actor, ActorTruth counts)
    {
        _line.Begin("actor");
        _line.Text("actor", actor.Name);
        _line.Text("client_class", actor.Client.Class);
        _line.Text("client_name", actor.Client.Name);
        _line.Text("intent", actor.Attack ? "attack" : "legitimate");
        _line.Number("requests", counts.Requests);
        _line.Number("lost", counts.Lost);
        _line.Number("lost_to_incident", counts.LostToIncident);
        _line.Number("callers", counts.Callers);
        _line.Number("callers_lost", counts.CallersLost);
        for (int outcome = 0; outcome < OutcomeCounts.Count; outcome++)
        {
            _line.Number(s_outcomes[outcome], counts.Outcomes[outcome]);
        }

        _line.End();
    }
}
