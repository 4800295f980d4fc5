using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace CfLogStream.Server.Insight.Reporting;

/// <summary>Writes HTML elements. Names are ours; every text and every attribute's value is encoded, there is no way around it.</summary>
internal sealed class HtmlMarkup(TextWriter destination)
{
    private static readonly HtmlEncoder s_encoder = HtmlEncoder.Create(UnicodeRanges.All);

    private readonly Stack<string> _open = new();

    /// <summary>Opens an element.</summary>
    public HtmlMarkup Start(string name, params ReadOnlySpan<(string Name, string Value)> attributes)
    {
        WriteTag(name, attributes);
        _open.Push(name);
        return this;
    }

    /// <summary>Closes the innermost element.</summary>
    public HtmlMarkup End()
    {
        string name = _open.Pop();
        destination.Write($"</{name}>");
        if (name is not ("span" or "b" or "a" or "code" or "bdi" or "strong"))
        {
            destination.Write('\n');
        }

        return this;
    }

    /// <summary>An element that is never closed, such as <c>meta</c>.</summary>
    public HtmlMarkup Void(string name, params ReadOnlySpan<(string Name, string Value)> attributes)
    {
        WriteTag(name, attributes);
        destination.Write('\n');
        return this;
    }

    /// <summary>Text on one line, with what nobody sees made visible.</summary>
    public HtmlMarkup Text(string text)
    {
        // A figure and its per cent sign stay on one line.
        destination.Write(s_encoder.Encode(VisibleText.Of(text)).Replace(" %", "&#xA0;%", StringComparison.Ordinal));
        return this;
    }

    /// <summary>An element with a text.</summary>
    public HtmlMarkup Element(string name, string text, params ReadOnlySpan<(string Name, string Value)> attributes) =>
        Start(name, attributes).Text(text).End();

    /// <summary>A block of code with its lines, whole.</summary>
    public HtmlMarkup Code(string code, string label)
    {
        Start("pre", ("tabindex", "0"), ("aria-label", label)).Start("code");
        destination.Write(s_encoder.Encode(VisibleText.Lines(code)).Replace("&#xA;", "\n", StringComparison.Ordinal).Replace("&#x9;", "\t", StringComparison.Ordinal));
        return End().End();
    }

    /// <summary>The style sheet: a constant of ours, which the policy names by its hash and which therefore stands as it is.</summary>
    public HtmlMarkup Style()
    {
        destination.Write($"<style>{HtmlStyle.Sheet}</style>\n");
        return this;
    }

    /// <summary>The document's type.</summary>
    public HtmlMarkup DocumentType()
    {
        destination.Write("<!DOCTYPE html>\n");
        return this;
    }

    private void WriteTag(string name, ReadOnlySpan<(string Name, string Value)> attributes)
    {
        destination.Write($"<{name}");
        foreach ((string attribute, string value) in attributes)
        {
            destination.Write($" {attribute}=\"{s_encoder.Encode(VisibleText.Of(value))}\"");
        }

        destination.Write('>');
    }
}
