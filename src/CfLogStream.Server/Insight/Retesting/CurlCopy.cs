using System.Text;
using CfLogStream.Server.Insight.Requests;
using CfLogStream.Server.Setup;

namespace CfLogStream.Server.Insight.Retesting;

/// <summary>A curl command that sends a logged request again, as far as the log tells it, and what it cannot copy.</summary>
/// <param name="Command">The command for a POSIX shell, on one line; empty when none can be made safely.</param>
/// <param name="Ray">The request it was made of.</param>
/// <param name="Missing">What differs from the original request, in full sentences.</param>
/// <param name="IsWrite">Whether the method may change something at the origin.</param>
public sealed record CurlCopy(string Command, string Ray, IReadOnlyList<string> Missing, bool IsWrite)
{
    private static readonly (string Column, string Header)[] s_headers =
        [("user_agent", "User-Agent"), ("referer", "Referer"), ("x_requested_with", "X-Requested-With")];

    /// <summary>Makes a copy of a kept request. Log text is written by attackers: every part is one quoted word, and what is not
    /// visible is left out or percent-encoded.</summary>
    public static CurlCopy Of(RequestColumns request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var missing = new List<string>();
        string host = request.Text("host");
        string method = request.Text("method");
        if (!IsHost(host) || !IsToken(method))
        {
            return new CurlCopy("", request.Text("ray"), ["The request's host or method is none that can be sent again."], false);
        }

        var command = new StringBuilder("curl -sS -o /dev/null -D - --globoff --path-as-is ");
        command.Append(ProtocolOption(request.Text("protocol"), missing));
        bool isWrite = method is not ("GET" or "HEAD" or "OPTIONS");
        command.Append(method switch
        {
            "GET" => "",
            "HEAD" => "--head ",
            _ => $"-X {ShellText.Quote(method)} ",
        });
        foreach ((string column, string header) in s_headers)
        {
            string value = request.Text(column);
            if (value.Length == 0)
            {
                // curl would send its own.
                command.Append(column == "user_agent" ? "-H 'User-Agent:' " : "");
            }
            else if (ShellText.IsVisible(value))
            {
                command.Append("-H ").Append(ShellText.Quote($"{header}: {value}")).Append(' ');
            }
            else
            {
                missing.Add($"{header}: it has characters that are not visible, so it was left out.");
            }
        }

        string query = request.Text("query").TrimStart('?');
        string target = Encode(request.Text("path")) + (query.Length > 0 ? "?" + Encode(query) : "");
        string scheme = request.Text("scheme") == "http" ? "http" : "https";
        command.Append(ShellText.Quote($"{scheme}://{host}{(target.StartsWith('/') ? "" : "/")}{target}"));
        if (target.Contains("***", StringComparison.Ordinal))
        {
            missing.Add("Secrets in the path or query: they are stored as ***; put the real ones in their place.");
        }

        AddUnloggable(request, isWrite, missing);
        return new CurlCopy(command.ToString(), request.Text("ray"), missing, isWrite);
    }

    private static void AddUnloggable(RequestColumns request, bool isWrite, List<string> missing)
    {
        string Known(string column, string before) => request.Text(column) is { Length: > 0 } value ? before + value : "";
        missing.Add("The TLS fingerprint" + Known("ja4", ", JA4 ") + ": curl has its own, and bot scores and rules may rest on it.");
        string place = string.Join(", ", new[]
        {
            Known("client_ip", ""), request.Number("asn") is > 0 and long asn ? $"AS{asn}" : "", Known("country", ""),
        }.Where(static part => part.Length > 0));
        missing.Add("The address and network" + (place.Length > 0 ? $" ({place})" : "") + ": rules by address, ASN, country or reputation and rate limits see yours.");
        missing.Add("Credentials and cookies, and all other headers such as Accept, Content-Type or a signature: they are not in the logs.");
        if (isWrite)
        {
            missing.Add("The body: it is not in the logs, and managed rules and validation read it.");
        }
    }

    private static string ProtocolOption(string protocol, List<string> missing)
    {
        switch (protocol)
        {
            case "HTTP/1.0":
                return "--http1.0 ";
            case "HTTP/1.1":
                return "--http1.1 ";
            case "HTTP/2":
                return "--http2 ";
            case "HTTP/3":
                missing.Add("HTTP/3: not every curl can; the command asks for it.");
                return "--http3 ";
            default:
                missing.Add("The HTTP version: it was not logged, or curl has no option for it.");
                return "";
        }
    }

    private static bool IsHost(string host) => host.Length is > 0 and <= 255 && host[0] != '-'
        && host.All(static letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-' or '_' or ':' or '[' or ']');

    private static bool IsToken(string method) => method.Length is > 0 and <= 32 && method.All(static letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_');

    /// <summary>Percent-encodes what cannot stand in a request line: blanks, controls, and all that is not ASCII.</summary>
    private static string Encode(string part)
    {
        var encoded = new StringBuilder(part.Length);
        foreach (byte one in Encoding.UTF8.GetBytes(part))
        {
            // A '#' would end the URL for curl.
            encoded.Append(one is > 0x20 and < 0x7f and not (byte)'#' ? ((char)one).ToString() : $"%{one:X2}");
        }

        return encoded.ToString();
    }
}
