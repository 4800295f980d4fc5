using CfLogStream.Core.Logpush;

namespace CfLogStream.Core.Traffic;

/// <summary>The path of a request as logged.</summary>
internal static class RequestPath
{
    /// <summary>Returns the path: ClientRequestPath, else ClientRequestURI up to its query.</summary>
    public static ReadOnlySpan<byte> Of(LogRecord record)
    {
        ReadOnlySpan<byte> path = record.PlainText(LogField.ClientRequestPath);
        return path.IsEmpty ? OfUri(record.Text(LogField.ClientRequestURI)) : path;
    }

    /// <summary>Returns the path with what comes behind it (<see cref="WideText"/>).</summary>
    /// <param name="scratch"><see cref="WideText.Width"/> bytes.</param>
    public static ReadOnlySpan<byte> Of(LogRecord record, byte[] scratch, out int length)
    {
        ReadOnlySpan<byte> room = WideText.Of(record, LogField.ClientRequestPath, scratch, out length);
        if (length > 0)
        {
            return room;
        }

        ReadOnlySpan<byte> uri = WideText.Of(record, LogField.ClientRequestURI, scratch, out int uriLength);
        ReadOnlySpan<byte> path = OfUri(uri[..uriLength]);
        length = path.Length;
        return uriLength > 0 && uri[0] == (byte)'/' ? uri : WideText.Copy(path, scratch);
    }

    private static ReadOnlySpan<byte> OfUri(ReadOnlySpan<byte> uri)
    {
        int end = uri.IndexOf((byte)'?');
        uri = end < 0 ? uri : uri[..end];
        int authority = uri.IsEmpty || uri[0] == (byte)'/' ? -1 : uri.IndexOf("://"u8);
        if (authority < 0)
        {
            return uri;
        }

        int slash = uri[(authority + 3)..].IndexOf((byte)'/');
        return slash < 0 ? "/"u8 : uri[(authority + 3 + slash)..];
    }
}
