using System.Globalization;
using CfLogStream.Core.Insight.Findings;

namespace CfLogStream.Server.Insight.Reporting;

/// <summary>Draws the charts as inline SVG: positions across are in per cent, so that text keeps its size on any width.</summary>
internal static class HtmlCharts
{
    private const int Bars = 72;
    private const int Top = 26;
    private const int Bottom = 166;
    private const int Height = 190;

    // Above the tallest bar, for what stands beside the onset.
    private const int Headroom = 22;

    /// <summary>The trend: one bar per bin, lost below and the rest above, the onset marked, before and after shaded.</summary>
    public static void Trend(HtmlMarkup html, Finding finding, string id)
    {
        if (FindingTrend.Of(finding, Bars) is not { } trend)
        {
            return;
        }

        string lost = FindingWording.Lost(finding.Kind);
        string words = trend.Describe(lost);
        html.Element("h3", "Before and after", ("id", $"{id}-trend"));
        html.Start("div", ("class", "legend"));
        Key(html, "lost", FindingWording.Capital(lost));
        Key(html, "passed", "Other requests");
        html.Element("span", $"Tallest bar: {ReportNumbers.Count(trend.Top, "request")} in {ReportNumbers.Duration(trend.Bin)}").End();
        html.Start("figure", ("class", "chart"));
        html.Start("svg", ("width", "100%"), ("height", $"{Height}"), ("role", "img"), ("aria-labelledby", $"{id}-chart {id}-chart-text"));
        html.Element("title", "Requests over time", ("id", $"{id}-chart"));
        html.Element(
            "desc",
            $"{trend.Requests.Count} bars of {ReportNumbers.Duration(trend.Bin)} from {ReportNumbers.Minute(trend.Start)} to {ReportNumbers.Minute(trend.End)} UTC. {words}",
            ("id", $"{id}-chart-text"));
        if (trend.Onset is { } split)
        {
            Rect(html, "zone-before", 0, Top, 100 * split, Bottom - Top);
            Rect(html, "zone-after", 100 * split, Top, 100 * (1 - split), Bottom - Top);
        }

        Line(html, "rule", 0, Top + Headroom, 100, Top + Headroom);
        Line(html, "rule", 0, (Top + Headroom + Bottom) / 2, 100, (Top + Headroom + Bottom) / 2);
        DrawBars(html, trend);
        Line(html, "axis", 0, Bottom, 100, Bottom);
        if (trend.Onset is { } at && finding.Onset is { } onset)
        {
            Line(html, "onset", 100 * at, Top - 8, 100 * at, Bottom);
            (string anchor, string shift) = at > 0.5 ? ("end", "-6") : ("start", "6");
            Label(html, "strong", 100 * at, Top - 10, anchor, shift, $"onset {onset.ToString("MM-dd HH:mm", CultureInfo.InvariantCulture)} UTC");
            if (at > 0.2)
            {
                Label(html, "", 100 * at, Top + 15, "end", "-8", "before");
            }

            if (at < 0.8)
            {
                Label(html, "", 100 * at, Top + 15, "start", "8", "after");
            }
        }

        Label(html, "", 0, Height - 6, "start", "0", trend.Start.ToString("MM-dd HH:mm", CultureInfo.InvariantCulture));
        Label(html, "", 100, Height - 6, "end", "0", trend.End.ToString("MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture));
        html.End().Element("figcaption", words).End();
    }

    /// <summary>A share from 0 to 1 as a bar.</summary>
    public static void Share(HtmlMarkup html, double share, string mark, string text)
    {
        html.Start("svg", ("width", "100%"), ("height", "10"), ("role", "img"), ("aria-label", text));
        Rect(html, "track", 0, 0, 100, 10, round: true);
        Rect(html, mark, 0, 0, 100 * (double.IsFinite(share) ? Math.Clamp(share, 0, 1) : 0), 10, round: true);
        html.End();
    }

    /// <summary>A weight for (to the right) or against (to the left) as a bar from the middle.</summary>
    public static void Weight(HtmlMarkup html, double weight, double greatest)
    {
        double width = double.IsFinite(weight) && greatest > 0 ? 50 * Math.Min(1, Math.Abs(weight) / greatest) : 0;
        html.Start("svg", ("width", "100%"), ("height", "12"), ("role", "img"), ("aria-label", $"weight {ReportNumbers.Signed(weight)}"));
        Rect(html, "track", 0, 1, 100, 10);
        Rect(html, weight < 0 ? "against" : "for", weight < 0 ? 50 - width : 50, 1, width, 10);
        Line(html, "axis", 50, 0, 50, 12);
        html.End();
    }

    private static void DrawBars(HtmlMarkup html, FindingTrend trend)
    {
        double step = 100.0 / trend.Requests.Count;
        double scale = (Bottom - Top - Headroom) / (double)trend.Top;
        for (int i = 0; i < trend.Requests.Count; i++)
        {
            double lost = trend.Lost[i] * scale;
            double rest = Math.Max(0, trend.Requests[i] - trend.Lost[i]) * scale;
            if (trend.Lost[i] > 0)
            {
                // A single lost request is still to be seen.
                lost = Math.Max(1.5, lost);
                Rect(html, "lost", (i + 0.09) * step, Bottom - lost, 0.82 * step, lost);
            }

            if (rest > 0)
            {
                double height = Math.Min(rest, Bottom - Top - lost);
                Rect(html, "passed", (i + 0.09) * step, Bottom - lost - height, 0.82 * step, height);
            }
        }
    }

    private static void Key(HtmlMarkup html, string mark, string text) =>
        html.Start("span").Start("svg", ("class", "key"), ("width", "11"), ("height", "11"), ("aria-hidden", "true"))
            .Start("rect", ("class", mark), ("width", "11"), ("height", "11"), ("rx", "2")).End().End().Text(text).End();

    private static void Rect(HtmlMarkup html, string mark, double x, double y, double width, double height, bool round = false) =>
        html.Start(
            "rect", ("class", mark), ("x", Percent(x)), ("y", Number(y)), ("width", Percent(width)), ("height", Number(Math.Max(0, height))), ("rx", round ? "5" : "0")).End();

    private static void Line(HtmlMarkup html, string mark, double x1, double y1, double x2, double y2) =>
        html.Start("line", ("class", mark), ("x1", Percent(x1)), ("y1", Number(y1)), ("x2", Percent(x2)), ("y2", Number(y2))).End();

    private static void Label(HtmlMarkup html, string mark, double x, double y, string anchor, string shift, string text) =>
        html.Element("text", text, ("class", mark), ("x", Percent(x)), ("y", Number(y)), ("text-anchor", anchor), ("dx", shift));

    private static string Percent(double value) => Number(value) + "%";

    private static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
