using System.Text;

namespace CfLogStream.Generator.Simulation;

/// <summary>A rule of a control, as the logs name it.</summary>
internal sealed class Rule
{
    public required Control Control { get; init; }

    public required ControlAction Action { get; set; }

    public required string IdText { get; init; }

    public required string DescriptionText { get; init; }

    public required byte[] Id { get; init; }

    public required byte[] Ref { get; init; }

    public required byte[] Description { get; init; }

    /// <summary>The event's Metadata object as JSON.</summary>
    public byte[] Metadata { get; init; } = "{}"u8.ToArray();

    /// <summary>The status that the edge answers when this rule terminates.</summary>
    public int Status { get; init; } = 403;

    public static Rule Create(Control control, ControlAction action, string id, string description, string reference = "", int status = 403)
    {
        string metadata = control == Control.Custom ? $$"""{"filter":"{{Filter(id)}}","type":"customer"}"""
            : control == Control.Managed ? $$"""{"group":"{{Filter(id)[..32]}}","rule_message":"{{description.Replace("\"", "\\\"", StringComparison.Ordinal)}}"}"""
            : control == Control.Ddos ? """{"dos-source":"dosd-edge"}"""
            : "{}";
        return new Rule
        {
            Control = control,
            Action = action,
            IdText = id,
            DescriptionText = description,
            Id = Encoding.UTF8.GetBytes(id),
            Ref = Encoding.UTF8.GetBytes(reference.Length == 0 ? id : reference),
            Description = Encoding.UTF8.GetBytes(description),
            Metadata = Encoding.UTF8.GetBytes(metadata),
            Status = status,
        };
    }

    private static string Filter(string id)
    {
        ulong hash = Randomness.Mix.Of(0xF117E2, id);
        return $"{hash:x16}{Randomness.Mix.Of(hash, 1):x16}";
    }
}
