namespace CfLogStream.Cli.Verbs;

/// <summary>The engine inside this program, as far as <c>info</c> asks for it.</summary>
internal static class InfoEngine
{
    /// <summary>Returns the version of the engine's library without starting it; null when the library is not found.</summary>
    public static string? FindVersion() => null;
}
