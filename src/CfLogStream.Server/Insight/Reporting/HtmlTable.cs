namespace CfLogStream.Server.Insight.Reporting;

/// <summary>A table that becomes a list of blocks on a narrow screen; the roles keep it a table for screen readers there.</summary>
internal sealed class HtmlTable
{
    private readonly HtmlMarkup _html;
    private readonly string[] _headers;
    private int _column;

    /// <summary>Opens the table. A header that begins with <c>#</c> is a column of numbers.</summary>
    public HtmlTable(HtmlMarkup html, string label, params string[] headers)
    {
        _html = html;
        _headers = headers;
        html.Start("table", ("role", "table"), ("aria-label", label)).Start("thead", ("role", "rowgroup")).Start("tr", ("role", "row"));
        foreach (string header in headers)
        {
            html.Element("th", header.TrimStart('#'), ("role", "columnheader"), ("scope", "col"), ("class", header.StartsWith('#') ? "number" : "text"));
        }

        html.End().End().Start("tbody", ("role", "rowgroup"));
    }

    public HtmlTable Row()
    {
        _column = 0;
        _html.Start("tr", ("role", "row"));
        return this;
    }

    public HtmlTable EndRow()
    {
        _html.End();
        return this;
    }

    /// <summary>A cell with a text, and a smaller one below it.</summary>
    public HtmlTable Cell(string text, string small = "") => Cell(html =>
    {
        html.Text(text);
        if (small.Length > 0)
        {
            html.Element("small", small);
        }
    });

    /// <summary>A cell with log text, set apart as code.</summary>
    public HtmlTable Code(string text) => Cell(html => html.Element("code", text));

    /// <summary>A cell with a chart.</summary>
    public HtmlTable Bar(Action<HtmlMarkup> draw) => Cell(draw, "bar");

    public void End() => _html.End().End();

    private HtmlTable Cell(Action<HtmlMarkup> content, string mark = "")
    {
        string header = _headers[_column++];
        _html.Start("td", ("role", "cell"), ("data-label", header.TrimStart('#')), ("class", mark.Length > 0 ? mark : header.StartsWith('#') ? "number" : "text"));
        content(_html);
        _html.End();
        return this;
    }
}
