using CfLogStream.Generator.Randomness;
using CfLogStream.Generator.World;

namespace CfLogStream.Generator.Scenarios;

/// <summary>Changes near the onset that did nothing, and audit logs that are not shipped.</summary>
internal sealed class NoiseChanges(WorldModel world, Variety variety, long onset)
{
    private static readonly (string Type, string Resource, string Description, string Old, string New)[] s_kinds =
    [
        ("rule_update", "ruleset.rule", "Update rule: Product pages: 18 per 10 s and IP", """{"enabled":true,"version":"7"}""", """{"enabled":true,"version":"8"}"""),
        ("rule_create", "ruleset.rule", "Create rule: watch uploads", "null", """{"action":"log","description":"watch uploads","enabled":true,"expression":"(http.request.method eq \"PUT\")"}"""),
        ("rule_update", "ruleset.rule", "Update rule: Redirect old help pages", """{"action":"redirect","enabled":true}""", """{"action":"redirect","enabled":false}"""),
        ("change_setting", "zone", "Change setting min_tls_version", """{"id":"min_tls_version","value":"1.0"}""", """{"id":"min_tls_version","value":"1.2"}"""),
        ("change_setting", "zone", "Change setting brotli", """{"id":"brotli","value":"off"}""", """{"id":"brotli","value":"on"}"""),
        ("rec_set", "DNS_record", "Update DNS record", """{"content":"203.0.113.20","name":"www.shop.example"}""", """{"content":"203.0.113.20","name":"www.shop.example","ttl":300}"""),
        ("purge", "zone", "Purge everything", "null", """{"purge_everything":true}"""),
        ("rule_create", "ruleset.rule", "Create rule: cache images longer", "null", """{"action":"set_cache_settings","enabled":true,"expression":"(http.request.uri.path contains \"/img/\")"}"""),
        ("rule_update", "ruleset.rule", "Update rule: Block: dotfiles, backups and CMS logins we do not have (SEC-311)", """{"enabled":true,"version":"11"}""", """{"enabled":true,"version":"12"}"""),
        ("update", "workers.script", "Deploy Worker edge-session", "{}", """{"script":"edge-session"}"""),
    ];

    private static readonly string[] s_people = ["dana.ops@shop.example", "li.wei@shop.example", "terraform@shop.example",
        "ci-deploy@shop.example"];

    private readonly Rng _rng = new(variety.Seed, 0x71E0);

    /// <summary>Returns the changes with noise among them, each with where it is shipped.</summary>
    public ConfigurationChange[] Around(IEnumerable<ConfigurationChange> changes, Incident? incident)
    {
        if (!variety.Wide)
        {
            return [.. changes];
        }

        string zone = incident?.Endpoint.Host.ZoneName ?? "shop.example";
        int count = _rng.Below(9);
        variety.Note("unrelated_changes_near_onset", count);
        var all = new List<ConfigurationChange>(changes);
        for (int i = 0; i < count; i++)
        {
            all.Add(Noise(zone));
        }

        double shipped = _rng.Unit();
        (bool version1, bool version2) = shipped < 0.6 ? (true, true) : shipped < 0.72 ? (true, false) : shipped < 0.84 ? (false, true)
            : (false, false);
        bool causeHidden = _rng.Chance(0.08);
        variety.Note("audit_logs", version1 ? version2 ? "both" : "version 1" : version2 ? "version 2" : "none");
        variety.Note("cause_in_audit_logs", (version1 || version2) && !causeHidden && all.Exists(change => change.Role == "cause")
            ? "yes" : "no");
        return [.. all.Select(change => Shipped(change, version1 && !(causeHidden && change.Role == "cause"),
            version2 && !(causeHidden && change.Role == "cause")))];
    }

    private static ConfigurationChange Shipped(ConfigurationChange change, bool version1, bool version2) =>
        change with { InVersion1 = version1, InVersion2 = version2 && (change.InVersion2 || !version1) };

    private ConfigurationChange Noise(string zone)
    {
        (string type, string resource, string description, string old, string @new) = _rng.Pick(s_kinds);
        string person = _rng.Pick(s_people);
        double near = Math.Min(600_000, world.DurationMs * 0.05);
        return new ConfigurationChange
        {
            Ms = onset + (long)(near * _rng.Between(-1, 0.4)),
            ActionType = type,
            ResourceType = resource,
            ResourceId = Simulation.BackgroundRules.Identifier(_rng.Next()),
            Description = description,
            Zone = _rng.Chance(0.7) ? zone : _rng.Pick((string[])["shop.example", "ledgerly.example", "fleet.example"]),
            OldValue = old,
            NewValue = @new,
            ActorEmail = person,
            Interface = person[0] is 't' or 'c' ? "API" : "UI",
            InVersion2 = true,
        };
    }
}
