using System.Security.Cryptography;
using System.Text;

namespace CfLogStream.Server.Insight.Reporting;

/// <summary>The style sheet of the HTML report, and the policy that allows it and nothing else.</summary>
internal static class HtmlStyle
{
    /// <summary>The sheet: no address in it, no import.</summary>
    public const string Sheet = """

        :root { color-scheme: light dark; --page: #f3f5f8; --card: #fff; --ink: #18202c; --quiet: #515c6d; --line: #dde2ea; --soft: #eef1f6;
          --bad: #b93a0b; --bad-soft: #fdeee6; --good: #14713a; --good-soft: #e5f4ea; --accent: #1c4fc4; --accent-soft: #e7eefc; --passed: #a9c0ea;
          --warn: #855400; --warn-soft: #fdf3dc; --lost: #d9541e; --code: #f6f8fb; }
        @media (prefers-color-scheme: dark) { :root { --page: #0e131a; --card: #161d27; --ink: #e5eaf1; --quiet: #a1adbd; --line: #2a3442; --soft: #1e2733;
          --bad: #ff9d72; --bad-soft: #37211a; --good: #6fd598; --good-soft: #17301f; --accent: #93b7ff; --accent-soft: #1b2a47; --passed: #49658f;
          --warn: #f0c169; --warn-soft: #332a16; --lost: #f0743f; --code: #10161e; } }
        * { box-sizing: border-box; }
        html { -webkit-text-size-adjust: 100%; }
        body { margin: 0; background: var(--page); color: var(--ink); font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif;
          overflow-wrap: anywhere; }
        header, main, footer { max-width: 62rem; margin: 0 auto; padding: 0 1.5rem; }
        header { padding-top: 2.5rem; }
        footer { padding-top: 1rem; padding-bottom: 3rem; color: var(--quiet); font-size: .875rem; }
        h1, h2, h3, h4 { line-height: 1.25; margin: 0; }
        h1 { font-size: 1.9rem; text-wrap: balance; letter-spacing: -.02em; }
        h2 { font-size: 1.35rem; letter-spacing: -.01em; }
        h3 { font-size: 1.02rem; margin-top: 2rem; padding-top: 1.25rem; border-top: 1px solid var(--line); }
        h4 { font-size: 1rem; }
        p { margin: .5rem 0 0; max-width: 46rem; }
        a { color: var(--accent); text-underline-offset: .15em; }
        code, pre { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: .86em; }
        code, bdi { unicode-bidi: isolate; }
        pre { margin: .4rem 0 0; padding: .75rem .9rem; background: var(--code); border: 1px solid var(--line); border-radius: 8px; line-height: 1.5; font-size: .84rem;
          white-space: pre-wrap; }
        pre code { font-size: inherit; }
        pre:focus-visible, a:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
        ul, ol { margin: .4rem 0 0; padding-left: 1.25rem; }
        li { margin-top: .25rem; }
        .over { color: var(--quiet); font-size: .8rem; font-weight: 600; letter-spacing: .07em; text-transform: uppercase; }
        .quiet { color: var(--quiet); }
        .card { background: var(--card); border: 1px solid var(--line); border-radius: 14px; padding: 1.75rem 2rem 2rem; margin-top: 1.5rem; }
        .tiles { display: grid; grid-template-columns: repeat(4, 1fr); gap: .75rem; margin: 1.5rem 0 0; }
        .tiles div { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: .9rem 1.1rem; }
        .tiles dt { color: var(--quiet); font-size: .875rem; }
        .tiles dd { margin: .1rem 0 0; font-size: 1.45rem; font-weight: 650; letter-spacing: -.02em; font-variant-numeric: tabular-nums; }
        .tiles small { display: block; color: var(--quiet); font-size: .8rem; font-weight: 400; letter-spacing: 0; }
        .brief { list-style: none; padding: 0; counter-reset: brief; }
        .brief li { counter-increment: brief; position: relative; padding: .8rem 0 .8rem 2.5rem; margin: 0; border-top: 1px solid var(--line); }
        .brief li:first-child { border-top: 0; padding-top: .4rem; }
        .brief li:last-child { padding-bottom: 0; }
        .brief li::before { content: counter(brief); position: absolute; left: 0; width: 1.6rem; height: 1.6rem; border-radius: 50%; background: var(--soft);
          color: var(--ink); font-size: .85rem; font-weight: 650; text-align: center; line-height: 1.6rem; }
        .brief a { font-weight: 600; color: var(--ink); text-decoration-color: var(--line); text-decoration-thickness: 2px; }
        .brief p { margin: .15rem 0 0; font-size: .92rem; }
        .badge { display: inline-block; border-radius: 99px; padding: .12rem .7rem; font-size: .8rem; font-weight: 600; background: var(--soft); color: var(--ink); }
        .badge.bad { background: var(--bad-soft); color: var(--bad); }
        .badge.good { background: var(--good-soft); color: var(--good); }
        .badge.warn { background: var(--warn-soft); color: var(--warn); }
        .top { display: flex; flex-wrap: wrap; align-items: center; gap: .4rem .75rem; margin-bottom: .7rem; color: var(--quiet); font-size: .875rem; }
        .lead { font-size: 1.06rem; }
        .facts { display: grid; grid-template-columns: 8.5rem 1fr; gap: .45rem 1rem; margin: 1.25rem 0 0; }
        .facts dt { color: var(--quiet); }
        .facts dd { margin: 0; }
        .facts small { display: block; color: var(--quiet); font-size: .86rem; }
        .legend { display: flex; flex-wrap: wrap; gap: .1rem 1.25rem; margin-top: .6rem; color: var(--quiet); font-size: .86rem; }
        .legend svg { vertical-align: -1px; margin-right: .4rem; }
        svg { display: block; }
              .legend svg, .key { display: inline-block; }
        .chart { margin: .6rem 0 0; }
        figcaption { margin-top: .3rem; color: var(--quiet); font-size: .92rem; }
        svg text { font: 12px system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif; fill: var(--quiet); }
        svg text.strong { fill: var(--ink); font-weight: 600; }
        .passed { fill: var(--passed); } .lost { fill: var(--lost); } .zone-before { fill: var(--good-soft); } .zone-after { fill: var(--bad-soft); }
        .axis { stroke: var(--quiet); stroke-width: 1; } .rule { stroke: var(--line); stroke-width: 1; }
        .onset { stroke: var(--ink); stroke-width: 1.5; stroke-dasharray: 4 3; } .for { fill: var(--good); } .against { fill: var(--bad); } .track { fill: var(--soft); }
        .meter { display: grid; grid-template-columns: auto 1fr; align-items: center; gap: .9rem; margin-top: .6rem; max-width: 46rem; }
        .meter b { font-size: 1.45rem; letter-spacing: -.02em; font-variant-numeric: tabular-nums; }
        table { width: 100%; border-collapse: collapse; margin-top: .6rem; font-size: .92rem; }
        caption { text-align: left; color: var(--quiet); font-size: .86rem; padding-bottom: .3rem; }
        th, td { text-align: left; vertical-align: top; padding: .5rem .9rem .5rem 0; border-top: 1px solid var(--line); }
        th { color: var(--quiet); font-weight: 500; font-size: .84rem; border-top: 0; white-space: nowrap; }
        th:last-child, td:last-child { padding-right: 0; }
        td.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; } th.number { text-align: right; }
        td.bar { width: 13rem; padding-top: .75rem; } td small { display: block; color: var(--quiet); font-size: .84rem; }
        .remedy { margin-top: 1rem; border: 1px solid var(--line); border-radius: 12px; padding: 1.1rem 1.25rem 1.3rem; }
        .remedy.first { border-color: var(--accent); box-shadow: inset 3px 0 0 var(--accent); }
        .remedy h5, .two h5 { margin: 1rem 0 0; font-size: .84rem; font-weight: 600; color: var(--quiet); }
        .remedy ul { font-size: .94rem; }
        .two { display: grid; grid-template-columns: 1fr 1fr; gap: 0 2rem; }
        .refused { background: var(--bad-soft); border-radius: 10px; padding: .05rem 1rem .8rem; margin-top: 1rem; }
        .refused h5 { color: var(--bad); margin-top: .7rem; }
        .warned { background: var(--warn-soft); border-radius: 10px; padding: .05rem 1rem .8rem; margin-top: 1rem; }
        .warned h5 { color: var(--warn); margin-top: .7rem; }
        .none { text-align: center; padding: 2.5rem 1rem; }
        .none p { margin-left: auto; margin-right: auto; }
        @media (max-width: 46rem) {
          body { font-size: 15px; }
          header, main, footer { padding-left: .8rem; padding-right: .8rem; }
          header { padding-top: 1.25rem; }
          h1 { font-size: 1.5rem; } h2 { font-size: 1.16rem; }
          .card { padding: 1.1rem 1rem 1.25rem; border-radius: 12px; margin-top: 1rem; }
          .tiles { grid-template-columns: 1fr 1fr; gap: .5rem; } .tiles div { padding: .65rem .8rem; } .tiles dd { font-size: 1.2rem; }
          .facts { grid-template-columns: 1fr; gap: 0; } .facts dt { margin-top: .7rem; font-size: .84rem; }
          .two { grid-template-columns: 1fr; }
          .remedy { padding: .9rem .9rem 1rem; }
          table, tbody, tr, td { display: block; width: auto; } thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
          tr { border-top: 1px solid var(--line); padding: .55rem 0; } td, td.number, td.bar { border: 0; padding: .08rem 0; text-align: left; width: auto; white-space: normal; }
          td[data-label]::before { content: attr(data-label) ": "; color: var(--quiet); font-size: .84rem; }
          td.bar { padding: .3rem 0; } td:first-child::before { display: none; }
        }
        @media print {
          :root { color-scheme: light; --page: #fff; --card: #fff; --ink: #000; --quiet: #444; --line: #ccc; --soft: #eee; --bad: #a03208; --bad-soft: #fbeee8; --good: #14713a;
            --good-soft: #eef7f0; --accent: #1c4fc4; --passed: #a9c0ea; --warn: #855400; --warn-soft: #faf4e4; --lost: #d9541e; --code: #f7f7f7; }
          body { font-size: 10.5pt; } * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
          header, main, footer { max-width: none; padding: 0; }
          .card { border: 0; border-top: 2px solid #000; border-radius: 0; padding: 1rem 0; }
          h2, h3, h4, h5 { break-after: avoid; } tr, figure, li, .tiles div { break-inside: avoid; }
        }

        """;

    private static readonly string s_hash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Sheet)));

    /// <summary>The page's policy: this one sheet; no script, no image, no connection, no form, no base.</summary>
    public static string Policy => $"default-src 'none'; style-src 'sha256-{s_hash}'; form-action 'none'; base-uri 'none'";
}
