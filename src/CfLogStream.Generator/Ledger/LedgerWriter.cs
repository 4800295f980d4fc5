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

    private readonly RecordBuffer _json = new(4096);
    private bool _first;

    public void WriteHeader(GeneratorOptions options, Incident? incident, TimeSpan interval)
    {
        Begin("header");
        Text("scenario", options.Scenario);
        Text("seed", options.Seed.ToString(CultureInfo.InvariantCulture));
        if (options.TargetBytes is { } bytes)
        {
            Number("target_bytes", bytes);
        }
        else
        {
            Number("records", options.Records);
        }

        if (options.Rate is { } rate)
        {
            Text("rate", rate.ToString(CultureInfo.InvariantCulture));
        }

        Time("start", world.StartMs);
        Time("end", world.EndMs);
        Text("disorder", options.Disorder.ToString().ToLowerInvariant());
        Text("oddities", options.Oddities.ToString().ToLowerInvariant());
        Text("timestamp_format", options.TimestampFormat.ToString().ToLowerInvariant());
        Boolean("minimal", options.Minimal);
        Number("batch_records", options.BatchRecords);
        Number("batch_interval_seconds", (long)interval.TotalSeconds);
        if (incident is not null)
        {
            Key("incident");
            Open();
            WriteIncident(incident);
            Close();
        }

        End();
    }

    /// <summary>Writes the changes of configuration that the audit logs tell.</summary>
    public void WriteChanges(IEnumerable<ConfigurationChange> changes)
    {
        foreach (ConfigurationChange change in changes.OrderBy(change => change.Ms))
        {
            Begin("change");
            Time("time", change.Ms);
            Text("zone", change.Zone);
            Text("action_type", change.ActionType);
            Text("resource_id", change.ResourceId);
            Text("description", change.Description);
            Boolean("in_audit_logs_v2", change.InVersion2);
            Text("role", change.Role);
            End();
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
                Begin("minute");
                Time("minute", minute * 60_000);
                WriteRow(in row);
                End();
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
            Begin("incident");
            Number("lost", truth.IncidentLost);
            Number("attacks_exempted", truth.IncidentLetIn);
            if (truth.FirstLostMs != 0)
            {
                Time("first_lost", truth.FirstLostMs);
                Time("last_lost", truth.LastLostMs);
            }

            Key("stopped");
            _json.Raw((byte)'[');
            truth.IncidentRows.Sort();
            bool first = true;
            foreach (ref readonly TruthRow row in truth.IncidentRows.Rows)
            {
                _json.Raw(first ? ""u8 : ","u8);
                first = false;
                Open();
                WriteRow(in row);
                Close();
            }

            _json.Raw((byte)']');
            End();
        }

        foreach (DatasetSummary dataset in datasets)
        {
            Begin("dataset");
            Text("dataset", dataset.Name);
            Number("records", dataset.Records);
            Number("duplicates", dataset.Duplicates);
            Number("dead_lines", dataset.DeadLines);
            Number("lines", dataset.Records + dataset.Duplicates + dataset.DeadLines);
            Number("bytes", dataset.Bytes);
            Number("uploads", dataset.Uploads);
            End();
        }

        Begin("end");
        Number("requests", truth.Requests);
        Number("worker_subrequests", truth.Subrequests);
        Number("cf_internal", truth.Internal);
        Key("oddities");
        Open();
        foreach (string oddity in oddities)
        {
            int colon = oddity.IndexOf('=', StringComparison.Ordinal);
            Number(oddity[..colon], long.Parse(oddity[(colon + 1)..], CultureInfo.InvariantCulture));
        }

        Close();
        End();
        stream.Flush();
    }

    public void Dispose() => stream.Dispose();

    private void WriteIncident(Incident incident)
    {
        Text("pattern", incident.Pattern);
        Text("control", incident.Rule.Control.Name);
        Text("action", incident.Rule.Action.Name);
        Text("rule_id", incident.Rule.IdText);
        Text("rule", incident.Rule.DescriptionText);
        Text("scope", incident.Scope);
        Text("zone", incident.Endpoint.Host.ZoneName);
        Text("host", incident.Endpoint.Host.Name);
        Text("method", incident.Endpoint.Method);
        Text("template", incident.Endpoint.Template);
        Text("surface", incident.Endpoint.Surface);
        Text("client_class", incident.Culprit.Clients[0].Class);
        Text("client_name", incident.Culprit.Clients[0].Name);
        Text("actor", incident.Culprit.Name);
        Time("onset", incident.OnsetMs);
        if (incident.FixMs != long.MaxValue)
        {
            Time("fixed", incident.FixMs);
        }

        Text("fix", incident.Fix);
        if (incident.SkipRule is not null)
        {
            Text("skip_rule_id", incident.SkipRule.IdText);
            Text("skip_rule", incident.SkipRule.DescriptionText);
            Time("skip_from", incident.SkipFromMs);
        }

        Key("expected_lost_share");
        _json.Digits((long)incident.ExpectedLostShare, 1);
        _json.Raw((byte)'.');
        _json.Digits((long)(incident.ExpectedLostShare * 1000) % 1000, 3);
        Key("parameters");
        Open();
        foreach ((string name, string value) in incident.Parameters)
        {
            Text(name, value);
        }

        Close();
    }

    private void WriteBatch(Batch batch, string name, long deliveredMs, string original)
    {
        Begin("batch");
        Text("file", name);
        Text("dataset", batch.Dataset);
        Number("lines", batch.Lines);
        Number("dead_lines", batch.DeadLines);
        Number("bytes", batch.Bytes);
        if (batch.LastMs >= batch.FirstMs)
        {
            Time("first", batch.FirstMs);
            Time("last", batch.LastMs);
            Number("lag_ms", deliveredMs - batch.LastMs);
            Number("max_lag_ms", deliveredMs - batch.FirstMs);
        }

        Number("inversions", batch.Inversions);
        Time("delivered", deliveredMs);
        if (original.Length != 0)
        {
            Text("duplicate_of", original);
        }

        End();
    }

    private void WriteRow(in TruthRow row)
    {
        (Endpoint endpoint, ClientIdentity client, byte[] method) = truth.Unpack(row.Key);
        Text("zone", endpoint.Host.ZoneName);
        Text("host", endpoint.Host.Name);
        Key("method");
        _json.Quoted(method);
        Text("template", endpoint.Template);
        Text("surface", endpoint.Surface);
        Text("client_class", client.Class);
        Text("client_name", client.Name);
        Number("requests", row.Requests);
        Number("lost", row.Lost);
        for (int outcome = 0; outcome < OutcomeCounts.Count; outcome++)
        {
            if (row.Outcomes[outcome] != 0)
            {
                Number(s_outcomes[outcome], row.Outcomes[outcome]);
            }
        }

        if (row.Edge5xx + row.Origin5xx != 0)
        {
            Number("edge_5xx", row.Edge5xx);
            Number("origin_5xx", row.Origin5xx);
        }
    }

    private void WriteActor(Actor actor, ActorTruth counts)
    {
        Begin("actor");
        Text("actor", actor.Name);
        Text("client_class", actor.Client.Class);
        Text("client_name", actor.Client.Name);
        Text("intent", actor.Attack ? "attack" : "legitimate");
        Number("requests", counts.Requests);
        Number("lost", counts.Lost);
        Number("lost_to_incident", counts.LostToIncident);
        Number("callers", counts.Callers);
        Number("callers_lost", counts.CallersLost);
        for (int outcome = 0; outcome < OutcomeCounts.Count; outcome++)
        {
            Number(s_outcomes[outcome], counts.Outcomes[outcome]);
        }

        End();
    }

    private void Begin(string type)
    {
        _json.Clear();
        Open();
        Text("type", type);
    }

    private void End()
    {
        Close();
        _json.Raw((byte)'\n');
        stream.Write(_json.Written);
    }

    private void Open()
    {
        _json.Raw((byte)'{');
        _first = true;
    }

    private void Close()
    {
        _json.Raw((byte)'}');
        _first = false;
    }

    private void Key(string name)
    {
        if (!_first)
        {
            _json.Raw((byte)',');
        }

        _first = false;
        _json.Quoted(name);
        _json.Raw((byte)':');
    }

    private void Text(string name, string value)
    {
        Key(name);
        _json.Quoted(value);
    }

    private void Number(string name, long value)
    {
        Key(name);
        _json.Number(value);
    }

    private void Number(byte[] name, long value)
    {
        _json.Raw(_first ? ""u8 : ","u8);
        _first = false;
        _json.Quoted(name);
        _json.Raw((byte)':');
        _json.Number(value);
    }

    private void Boolean(string name, bool value)
    {
        Key(name);
        _json.Boolean(value);
    }

    private void Time(string name, long ms)
    {
        Key(name);
        Timestamps.Write(_json, ms, TimestampFormat.Rfc3339Ms);
    }
}
