using CfLogStream.Generator.Scenarios;

namespace CfLogStream.Generator;

/// <summary>The scenarios.</summary>
public static class ScenarioCatalog
{
    /// <summary>All scenarios, the quiet one first.</summary>
    public static IReadOnlyList<ScenarioInfo> All => IncidentPlanner.Scenarios;

    /// <summary>Returns the scenario of this name; null when there is none.</summary>
    public static ScenarioInfo? Find(string name) => All.FirstOrDefault(scenario => scenario.Name == name);

    /// <summary>Returns the message for a name that no scenario has.</summary>
    internal static string Unknown(string name) =>
        $"There is no scenario '{name}'; known are: {string.Join(", ", All.Select(scenario => scenario.Name))}.";
}
