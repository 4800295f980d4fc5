using System.Globalization;
using System.Net;
using System.Text;

namespace CfLogStream.ClickHouse;

/// <summary>Turns every answer that is an error into a <see cref="ServerAnswerException"/>, also one that came with status 200.</summary>
/// <remarks>
/// It sits below the driver, because the driver takes any 2xx for success even when X-ClickHouse-Exception-Code says otherwise, and its own
/// exception carries neither the HTTP status nor a reliable code. It also names the encoding of compressed insert bodies,
/// for which the driver's raw stream knows only gzip.
/// </remarks>
internal sealed class ServerAnswerHandler : DelegatingHandler
{
    /// <summary>A request header that is taken off and becomes the body's Content-Encoding.</summary>
    public const string BodyEncoding = "X-CfLogStream-Body-Encoding";

    private const string ExceptionCode = "X-ClickHouse-Exception-Code";
    private const int LongestText = 64 * 1024;

    public ServerAnswerHandler(HttpMessageHandler inner)
        : base(inner)
    {
    }

    /// <summary>Returns the code in a text like <c>Code: 241. DB::Exception: …</c>.</summary>
    public static int? CodeIn(string text)
    {
        const string Mark = "Code: ";
        int start = text.IndexOf(Mark, StringComparison.Ordinal);
        if (start < 0)
        {
            return null;
        }

        ReadOnlySpan<char> rest = text.AsSpan(start + Mark.Length);
        int end = rest.IndexOfAnyExceptInRange('0', '9');
        return int.TryParse(end < 0 ? rest : rest[..end], NumberStyles.None, CultureInfo.InvariantCulture, out int code) ? code : null;
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Content is not null && request.Headers.TryGetValues(BodyEncoding, out IEnumerable<string>? encodings))
        {
            request.Content.Headers.ContentEncoding.Clear();
            request.Content.Headers.ContentEncoding.Add(encodings.First());
            request.Headers.Remove(BodyEncoding);
        }

        HttpResponseMessage response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        int? code = HeaderCode(response);
        if (response.IsSuccessStatusCode && code is null)
        {
            return response;
        }

        using (response)
        {
            string text = await ReadTextAsync(response, cancellationToken).ConfigureAwait(false);
            throw new ServerAnswerException(response.StatusCode, code ?? CodeIn(text), text)
            {
                RetryAfter = response.Headers.RetryAfter?.Delta,
            };
        }
    }

    private static int? HeaderCode(HttpResponseMessage response) =>
        response.Headers.TryGetValues(ExceptionCode, out IEnumerable<string>? values)
            && int.TryParse(values.First(), NumberStyles.None, CultureInfo.InvariantCulture, out int code)
            && code != 0
            ? code
            : null;

    private static async Task<string> ReadTextAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            Stream stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            await using (stream.ConfigureAwait(false))
            {
                byte[] bytes = new byte[LongestText];
                int length = await stream.ReadAtLeastAsync(bytes, bytes.Length, false, cancellationToken).ConfigureAwait(false);
                return Encoding.UTF8.GetString(bytes, 0, length);
            }
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException or InvalidDataException)
        {
            // The status line is what matters; it must not get lost because the text behind it was cut.
            return $"(the answer's text could not be read: {exception.Message})";
        }
    }
}
