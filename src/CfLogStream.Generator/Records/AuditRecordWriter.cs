using CfLogStream.Generator.Randomness;
using CfLogStream.Generator.Scenarios;

namespace CfLogStream.Generator.Records;

/// <summary>Writes audit_logs and audit_logs_v2 records of changes.</summary>
internal sealed class AuditRecordWriter(TimestampFormat format, ulong seed)
{
    /// <summary>The keys of audit_logs in the order in which they are written.</summary>
    public static readonly string[] Fields =
    [
        "ActionResult", "ActionType", "ActorEmail", "ActorID", "ActorIP", "ActorType", "ID", "Interface", "Metadata", "NewValue",
            "OldValue", "OwnerID",
        "ResourceID", "ResourceType", "When",
    ];

    /// <summary>The keys of audit_logs_v2 in the order in which they are written.</summary>
    public static readonly string[] FieldsVersion2 =
    [
        "AccountID", "AccountName", "ActionDescription", "ActionResult", "ActionTimestamp", "ActionType", "ActorContext", "ActorEmail",
            "ActorID",
        "ActorIPAddress", "ActorTokenDetails", "ActorType", "AuditLogID", "Raw", "ResourceID", "ResourceProduct", "ResourceRequest",
            "ResourceResponse",
        "ResourceScope", "ResourceType", "ResourceValue", "ZoneID", "ZoneName",
    ];

    public void Write(RecordBuffer json, ConfigurationChange change)
    {
        ulong hash = Hash(change);
        json.Raw("{\"ActionResult\":true,\"ActionType\":"u8);
        json.Quoted(change.ActionType);
        json.Raw(",\"ActorEmail\":"u8);
        json.Quoted(change.ActorEmail);
        json.Raw(",\"ActorID\":\""u8);
        Id(json, Mix.Of(seed, change.ActorEmail));
        json.Raw("\",\"ActorIP\":\"203.0.113."u8);
        json.Number(10 + (long)(hash % 60));
        json.Raw("\",\"ActorType\":\"user\",\"ID\":\""u8);
        Uuid(json, hash);
        json.Raw("\",\"Interface\":"u8);
        json.Quoted(change.Interface);
        json.Raw(",\"Metadata\":{\"description\":"u8);
        json.Quoted(change.Description);
        json.Raw(",\"zone_name\":"u8);
        json.Quoted(change.Zone);
        json.Raw("},\"NewValue\":"u8);
        Raw(json, change.NewValue);
        json.Raw(",\"OldValue\":"u8);
        Raw(json, change.OldValue);
        json.Raw(",\"OwnerID\":\""u8);
        Id(json, Mix.Of(seed, "owner"));
        json.Raw("\",\"ResourceID\":"u8);
        json.Quoted(change.ResourceId);
        json.Raw(",\"ResourceType\":"u8);
        json.Quoted(change.ResourceType);
        json.Raw(",\"When\":"u8);
        Timestamps.Write(json, change.Ms, format);
        json.Raw("}\n"u8);
    }

    public void WriteVersion2(RecordBuffer json, ConfigurationChange change)
    {
        ulong hash = Mix.Of(Hash(change), 2);
        json.Raw("{\"AccountID\":\""u8);
        Id(json, Mix.Of(seed, "owner"));
        json.Raw("\",\"AccountName\":\"Shop Example Inc.\",\"ActionDescription\":"u8);
        json.Quoted(change.Description);
        json.Raw(",\"ActionResult\":\"success\",\"ActionTimestamp\":"u8);
        Timestamps.Write(json, change.Ms, format);
        json.Raw(",\"ActionType\":"u8);
        json.Quoted(change.ActionType);
        json.Raw(change.Interface == "UI" ? ",\"ActorContext\":\"dash\",\"ActorEmail\":"u8
            : ",\"ActorContext\":\"api_token\",\"ActorEmail\":"u8);
        json.Quoted(change.ActorEmail);
        json.Raw(",\"ActorID\":\""u8);
        Id(json, Mix.Of(seed, change.ActorEmail));
        json.Raw("\",\"ActorIPAddress\":\"203.0.113."u8);
        json.Number(10 + (long)(Hash(change) % 60));
        json.Raw("\",\"ActorTokenDetails\":{},\"ActorType\":\"user\",\"AuditLogID\":\""u8);
        Uuid(json, hash);
        json.Raw("\",\"Raw\":{\"cf_ray_id\":\""u8);
        json.Hex16(Mix.Of(hash, 1));
        json.Raw("\",\"method\":\"PATCH\",\"status_code\":200,\"uri\":"u8);
        json.Quoted("/client/v4/" + change.ResourceType + "/" + change.ResourceId);
        json.Raw(",\"user_agent\":"u8);
        json.Quoted(change.Interface == "UI" ? "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15"
            : "terraform-provider-cloudflare/5.8.2");
        json.Raw("},\"ResourceID\":"u8);
        json.Quoted(change.ResourceId);
        json.Raw(",\"ResourceProduct\":\"rulesets\",\"ResourceRequest\":"u8);
        Raw(json, change.NewValue == "null" ? "{}" : change.NewValue);
        json.Raw(",\"ResourceResponse\":{\"success\":true},\"ResourceScope\":\"zone\",\"ResourceType\":"u8);
        json.Quoted(change.ResourceType);
        json.Raw(",\"ResourceValue\":{},\"ZoneID\":\""u8);
        Id(json, Mix.Of(seed, change.Zone));
        json.Raw("\",\"ZoneName\":"u8);
        json.Quoted(change.Zone);
        json.Raw("}\n"u8);
    }

    private static void Raw(RecordBuffer json, string value) => json.Raw(System.Text.Encoding.UTF8.GetBytes(value));

    private static void Id(RecordBuffer json, ulong hash)
    {
        json.Hex16(hash);
        json.Hex16(Mix.Of(hash, 1));
    }

    private static void Uuid(RecordBuffer json, ulong hash)
    {
        json.Hex(hash >> 32, 8);
        json.Raw((byte)'-');
        json.Hex(hash >> 16, 4);
        json.Raw("-4"u8);
        json.Hex(hash, 3);
        json.Raw("-9"u8);
        json.Hex(hash >> 12, 3);
        json.Raw((byte)'-');
        json.Hex(Mix.Of(hash, 3), 12);
    }

    private ulong Hash(ConfigurationChange change) => Mix.Of(Mix.Of(seed, (ulong)change.Ms), change.Description);
}
