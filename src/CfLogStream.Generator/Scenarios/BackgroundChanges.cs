using CfLogStream.Generator.Randomness;
using CfLogStream.Generator.World;

namespace CfLogStream.Generator.Scenarios;

/// <summary>Changes of configuration that have nothing to do with the incident.</summary>
internal static class BackgroundChanges
{
    private static readonly (string Type, string Resource, string Description, string Old, string New)[] s_kinds =
    [
        ("rec_add", "DNS_record", "Add DNS record", "null", """{"content":"203.0.113.20","name":"preview.shop.example","proxied":true,"ttl":1,"type":"A"}"""),
        ("rec_set", "DNS_record", "Update DNS record", """{"content":"203.0.113.20","name":"mail.shop.example"}""", """{"content":"203.0.113.21","name":"mail.shop.example"}"""),
        ("purge", "zone", "Purge cache by URL", "null", """{"files":["https://www.shop.example/assets/app.js?v=1&x=2"]}"""),
        ("login", "user", "User logged in", "null", "{}"),
        ("token_create", "account", "Create API token", "{}", """{"name":"ci-deploy"}"""),
        ("change_setting", "zone", "Change setting always_use_https", """{"id":"always_use_https","value":"off"}""", """{"id":"always_use_https","value":"on"}"""),
        ("update", "logpush.job", "Update Logpush job", """{"logpull_options":"fields=RayID&timestamps=rfc3339"}""", """{"logpull_options":"fields=RayID,BotScore\u0026timestamps=rfc3339"}"""),
        ("rule_update", "ruleset.rule", "Update rule: Login: challenge leaked credentials", """{"enabled":true,"version":"3"}""", """{"enabled":true,"version":"4"}"""),
    ];

    private static readonly string[] s_people = ["dana.ops@shop.example", "li.wei@shop.example", "sam.o'neil@ledgerly.example",
        "terraform@shop.example"];

    public static IEnumerable<ConfigurationChange> Create(WorldModel world)
    {
        var rng = new Rng(world.Seed, 0xA0D1);
        int count = (int)Math.Clamp(world.Lines / 4000, 3, 400);
        for (int i = 0; i < count; i++)
        {
            (string type, string resource, string description, string old, string @new) = rng.Pick(s_kinds);
            string person = rng.Pick(s_people);
            yield return new ConfigurationChange
            {
                Ms = world.StartMs + (long)(world.DurationMs * rng.Unit()),
                ActionType = type,
                ResourceType = resource,
                ResourceId = Simulation.BackgroundRules.Identifier(rng.Next()),
                Description = description,
                Zone = rng.Pick((string[])["shop.example", "ledgerly.example", "fleet.example"]),
                OldValue = old,
                NewValue = @new,
                ActorEmail = person,
                Interface = person.StartsWith("terraform", StringComparison.Ordinal) ? "API" : "UI",
                InVersion2 = rng.Chance(0.3),
            };
        }
    }
}
