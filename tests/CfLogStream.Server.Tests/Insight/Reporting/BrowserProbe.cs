using System.Net;
using System.Text;
using System.Text.Json;

namespace CfLogStream.Server.Tests.Insight.Reporting;

/// <summary>Asks a browser about pages: what elements it sees in them, how wide they are, how well they can be read.</summary>
internal static class BrowserProbe
{
    private const string Decode = "const decode = text => new TextDecoder().decode(Uint8Array.from(atob(text), c => c.charCodeAt(0)));";

    private const string Skeletons = """
        const skeleton = page => {
          const found = [];
          const nodes = new DOMParser().parseFromString(decode(page), 'text/html').querySelectorAll('*');
          for (const node of nodes) found.push(node.tagName.toLowerCase() + '[' + [...node.attributes].map(a => a.name).join() + ']');
          return found.join(' ');
        };
        answer(pages.map(skeleton));
        """;

    private const string Measure = """
        const frame = document.createElement('iframe');
        frame.width = width; frame.height = 800; frame.style.border = 0;
        const parse = color => { const n = color.match(/[\d.]+/g).map(Number); return n.length < 4 ? [...n, 1] : n; };
        const light = color => {
          const [r, g, b] = color.slice(0, 3).map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
          return 0.2126 * r + 0.7152 * g + 0.0722 * b;
        };
        frame.onload = () => {
          const view = frame.contentWindow, page = frame.contentDocument;
          const ground = node => {
            for (let at = node; at; at = at.parentElement) {
              const color = parse(view.getComputedStyle(at).backgroundColor);
              if (color[3] > 0) return color;
            }
            return [255, 255, 255, 1];
          };
          const result = { width: view.innerWidth, scroll: page.documentElement.scrollWidth, widest: '', contrast: 99, palest: '', smallest: 99,
            dark: view.matchMedia('(prefers-color-scheme: dark)').matches };
          for (const node of page.body.querySelectorAll('*')) {
            if (node.getBoundingClientRect().right > width + 0.5 && !node.closest('thead')) result.widest ||= node.outerHTML.slice(0, 200);
            const own = [...node.childNodes].some(child => child.nodeType === 3 && child.nodeValue.trim());
            if (!own || node.matches('title, desc')) continue;
            const style = view.getComputedStyle(node);
            const ink = light(parse(node.matches('text') ? style.fill : style.color)), back = light(ground(node));
            const contrast = (Math.max(ink, back) + 0.05) / (Math.min(ink, back) + 0.05);
            if (contrast < result.contrast) { result.contrast = contrast; result.palest = node.outerHTML.slice(0, 120); }
            result.smallest = Math.min(result.smallest, parseFloat(style.fontSize));
          }
          answer(result);
        };
        frame.srcdoc = decode(pages[0]);
        document.body.append(frame);
        """;

    /// <summary>Returns, for each page, its elements with the names of their attributes, in order.</summary>
    public static Task<JsonElement> SkeletonsAsync(IReadOnlyList<string> pages) => AskAsync(pages, Skeletons, dark: false);

    /// <summary>Lays a page out in a frame of that width.</summary>
    public static Task<JsonElement> MeasureAsync(string page, int width, bool dark) => AskAsync([page], $"const width = {width};\n{Measure}", dark);

    /// <summary>Loads a page as a reader does and returns its document.</summary>
    public static Task<string> LoadAsync(string page) => InFolderAsync(page, file => Browser.DumpAsync(file));

    private static async Task<JsonElement> AskAsync(IReadOnlyList<string> pages, string question, bool dark)
    {
        string encoded = JsonSerializer.Serialize(pages.Select(page => Convert.ToBase64String(Encoding.UTF8.GetBytes(page))));
        string harness = $$"""
            <!DOCTYPE html><meta charset="utf-8"><body><pre id="answer"></pre><script>
            {{Decode}}
            const pages = {{encoded}};
            const answer = value => { document.getElementById('answer').textContent = JSON.stringify(value); };
            {{question}}
            </script>
            """;
        string document = await InFolderAsync(harness, file => Browser.DumpAsync(file, dark));
        int start = document.IndexOf("<pre id=\"answer\">", StringComparison.Ordinal) + "<pre id=\"answer\">".Length;
        string json = WebUtility.HtmlDecode(document[start..document.IndexOf("</pre>", start, StringComparison.Ordinal)]);
        Assert.True(json.Length > 0, "The browser gave no answer: the question's script failed.");
        return JsonDocument.Parse(json).RootElement;
    }

    private static async Task<string> InFolderAsync(string page, Func<string, Task<string>> use)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("cflogstream-probe-");
        try
        {
            string file = Path.Combine(folder.FullName, "page.html");
            await File.WriteAllTextAsync(file, page, TestContext.Current.CancellationToken);
            return await use(file);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
