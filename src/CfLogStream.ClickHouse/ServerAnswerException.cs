using System.Net;

namespace CfLogStream.ClickHouse;

/// <summary>ClickHouse, or something in front of it, answered with an error.</summary>
public sealed class ServerAnswerException : Exception
{
    public ServerAnswerException(HttpStatusCode status, int? code, string serverText)
        : base(Describe(status, code, serverText))
    {
        Status = status;
        Code = code;
        ServerText = serverText;
    }

    public ServerAnswerException()
        : this(default, null, string.Empty)
    {
    }

    public ServerAnswerException(string message)
        : this(default, null, message)
    {
    }

    public ServerAnswerException(string message, Exception innerException)
        : base(message, innerException)
    {
        ServerText = message;
    }

    /// <summary>The HTTP status; 200 when the error came with an answer that began well.</summary>
    public HttpStatusCode Status { get; }

    /// <summary>ClickHouse's error code; null when the answer has none (a proxy's, for instance).</summary>
    public int? Code { get; }

    /// <summary>The answer's text, at most some kilobytes of it, as it came.</summary>
    public string ServerText { get; }

    /// <summary>How long the server asked to wait before the next try.</summary>
    public TimeSpan? RetryAfter { get; init; }

    private static string Describe(HttpStatusCode status, int? code, string serverText) =>
        $"ClickHouse answered HTTP {(int)status}{(code is null ? string.Empty : $" with error {code}")}: '{Throw.Excerpt(serverText)}'.";
}
