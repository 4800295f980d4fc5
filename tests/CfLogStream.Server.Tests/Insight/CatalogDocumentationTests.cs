using System.Text;
using CfLogStream.Core.Insight.Controls;
using CfLogStream.Core.Insight.Symptoms;
using CfLogStream.Server.Tests.Configuration;
using Xunit;

namespace CfLogStream.Server.Tests.Insight;

/// <summary>The tables of docs/explain.md and docs/remedies.md say what the catalogues say.</summary>
public sealed class CatalogDocumentationTests
{
    [Fact]
    public void ExplainPage_Table_IsTheCatalogue()
    {
        var table = new StringBuilder("| symptom | means | controls |\n|---|---|---|\n");
        foreach (Symptom symptom in SymptomCatalog.All)
        {
            string controls = symptom.Controls.Count == 0 ? "any" : string.Join(", ", symptom.Controls.Select(static control => $"`{control}`"));
            table.Append($"| {symptom.Title} | {symptom.Meaning} | {controls} |\n");
        }

        AssertHas("explain.md", table.ToString());
    }

    [Fact]
    public void RemediesPage_Table_IsTheCatalogue()
    {
        var table = new StringBuilder("| control | where | what exempts, the narrowest first | what does not, and why |\n|---|---|---|---|\n");
        foreach (ControlFacts facts in ControlCatalog.All)
        {
            string exempting = string.Join("<br>", facts.Exempting.Select(static (text, i) => $"{i + 1}. {text}"));
            string refused = string.Join("<br>", facts.Refused.Select(static change => $"{change.Change}: {change.Reason}"));
            table.Append($"| `{facts.Control}`<br>{facts.Name} | {facts.Place} | {exempting} | {refused} |\n");
        }

        AssertHas("remedies.md", table.ToString());
    }

    private static void AssertHas(string page, string table)
    {
        string path = Path.Combine(RepositoryRoot.Find(), "docs", page);
        string text = File.Exists(path) ? File.ReadAllText(path) : "";
        Assert.True(text.Contains(table, StringComparison.Ordinal), $"The table of docs/{page} is stale; expected:\n{table}");
    }
}
