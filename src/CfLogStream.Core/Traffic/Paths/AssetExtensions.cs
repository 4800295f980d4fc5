namespace CfLogStream.Core.Traffic.Paths;

/// <summary>Extensions of static files; documents that an API may answer (json, xml, csv, pdf, txt) are not among them.</summary>
internal static class AssetExtensions
{
    private static readonly WordTable s_extensions = WordTable.Set(
        "js mjs css map png jpg jpeg gif webp avif svg svgz ico bmp tif tiff apng jxl heic woff woff2 ttf otf eot"
        + " mp4 m4v webm mov mp3 m4a ogg ogv oga wav flac aac m3u8 mpd wasm swf webmanifest less scss");

    /// <summary>True for an extension without its dot, in any case.</summary>
    public static bool Contains(ReadOnlySpan<byte> extension) => s_extensions.Contains(extension);
}
