namespace CfLogStream.Core.Traffic;

/// <summary>Reads <see cref="RequestMethod"/>.</summary>
internal static class RequestMethods
{
    /// <summary>Returns the method that a text names.</summary>
    public static RequestMethod Of(ReadOnlySpan<byte> text) => text switch
    {
        _ when text.SequenceEqual("GET"u8) => RequestMethod.Get,
        _ when text.SequenceEqual("HEAD"u8) => RequestMethod.Head,
        _ when text.SequenceEqual("POST"u8) => RequestMethod.Post,
        _ when text.SequenceEqual("PUT"u8) => RequestMethod.Put,
        _ when text.SequenceEqual("PATCH"u8) => RequestMethod.Patch,
        _ when text.SequenceEqual("DELETE"u8) => RequestMethod.Delete,
        _ when text.SequenceEqual("OPTIONS"u8) => RequestMethod.Options,
        _ => RequestMethod.Other,
    };
}
