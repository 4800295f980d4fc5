using CfLogStream.Core.Insight.Findings;
using CfLogStream.Core.Insight.Ownership;
using CfLogStream.Core.Insight.Remedies;

namespace CfLogStream.Server.Tests.Insight.Reporting;

/// <summary>A diagnosis in which every text is the same attack: whatever a log, an audit log or an owner's file could bring.</summary>
internal static class HostileDiagnosis
{
    /// <summary>Attacks on HTML; <c>{0}</c> is where a request would show up.</summary>
    public static readonly string[] Html =
    [
        "<script>document.documentElement.setAttribute('data-pwned','1')</script>",
        "\"><img src={0}/img onerror=\"document.documentElement.setAttribute('data-pwned','2')\">",
        "' onmouseover='alert(1)' autofocus onfocus='document.documentElement.setAttribute(\"data-pwned\",\"3\")",
        "</code></pre></title></style><link rel=stylesheet href={0}/css><iframe src={0}/frame></iframe>",
        "</desc></svg><svg onload=\"document.documentElement.setAttribute('data-pwned','4')\"><image href={0}/svg />",
        "--><meta http-equiv=refresh content=\"0;url={0}/meta\"><base href={0}/base>",
        "javascript:document.documentElement.setAttribute('data-pwned','5')",
        "&lt;script&gt;&#60;img src={0}/entity&#62;<![CDATA[<script>]]>",
        "url({0}/style);}} @import '{0}/import'; body{{display:none",
        "<form action={0}/form><button formaction={0}/button autofocus>press</button></form><object data={0}/object></object>",
    ];

    /// <summary>A diagnosis with <paramref name="text"/> in every string of the model.</summary>
    public static Diagnosis Build(string text)
    {
        var at = new DateTime(2026, 5, 4, 0, 0, 0, DateTimeKind.Utc);
        var loss = new LossEstimate(10, 5, 8, 4, 2, 0.2, 0.8);
        var legitimacy = new LegitimacyEstimate(0.9, [new Reason(text, text, 1.5), new Reason(text, text, double.NegativeInfinity)]);
        var finding = new Finding
        {
            Id = text,
            Kind = FindingKind.Misjudged,
            Pattern = MisjudgementPattern.Unknown,
            Title = text,
            Rule = new RuleIdentity(text, text, text, text + "r", text, text),
            Cells = [new FindingCell(new EndpointIdentity(text, text, text, text, text), new ClientIdentity(text, text + "n", text), loss, legitimacy)],
            CellCount = 3,
            Loss = loss,
            Legitimacy = legitimacy,
            Score = double.NaN,
            Onset = at.AddHours(2),
            LastSeen = at.AddHours(4),
            Changes = [new Change(at, text, text, text, text, text, text, text, text, text, text, text, text)],
            Differences = [new FieldContrast(text, text, 4, 5, 0, 0, double.NaN)],
            Evidence = [new Reason(text, text, 0)],
            Trend = new TrendLine(at, TimeSpan.FromHours(1), [5, 0, 3, 9], [0, 0, 7]),
            ExampleRays = [text, "8f2ab61c4d0e93a7"],
            Remedies =
            [
                new Remedy
                {
                    Kind = RemedyKind.SkipRule,
                    Summary = text,
                    Place = text,
                    Expression = text,
                    ApiMethod = text,
                    ApiPath = text,
                    Payload = text + "\n" + text,
                    NotCovered = [text],
                    NextControls = [text],
                    WhySafe = [text],
                    Warnings = [text],
                    Refused = [text],
                },
            ],
            Owner = new Owner(text, text, text, new DateOnly(2026, 9, 1), text),
        };
        return new Diagnosis
        {
            From = at,
            To = at.AddDays(1),
            Requests = 100,
            Lost = 5,
            Findings = [finding, finding],
            RightlyStopped = [finding with { Kind = FindingKind.RightlyStopped }],
            Errors = [finding with { Kind = FindingKind.OriginErrors, Rule = null }],
            Limits = [text],
        };
    }
}
