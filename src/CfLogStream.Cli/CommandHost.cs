using System.Text;
using CfLogStream.Cli.Terminal;

namespace CfLogStream.Cli;

/// <summary>What the process around a verb offers: writers, environment and terminal. Tests make their own.</summary>
internal sealed record CommandHost
{
    private const int BufferBytes = 64 * 1024;
    private const int ColumnsOfPipe = 120;

    /// <summary>Where results go, and nothing else.</summary>
    public required TextWriter Stdout { get; init; }

    /// <summary>Where everything else goes: errors, progress, notes.</summary>
    public required TextWriter Stderr { get; init; }

    /// <summary>Reads one environment variable; null when it is not set.</summary>
    public Func<string, string?> Environment { get; init; } = static _ => null;

    /// <summary>Whether a person sees stdout directly.</summary>
    public bool StdoutIsTerminal { get; init; }

    /// <summary>Whether a person sees stderr directly; progress is drawn only then.</summary>
    public bool StderrIsTerminal { get; init; }

    /// <summary>The width of the terminal; 120 in a pipe.</summary>
    public int Columns { get; init; } = ColumnsOfPipe;

    /// <summary>Returns the host of this process.</summary>
    public static CommandHost ForProcess()
    {
        var utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        bool stdoutIsTerminal = !Console.IsOutputRedirected;
        bool stderrIsTerminal = !Console.IsErrorRedirected;
        return new CommandHost
        {
            Stdout = new StreamWriter(ResultStream.Open(), utf8, BufferBytes) { AutoFlush = stdoutIsTerminal },

            // The framework's own stream: it ignores a reader that has gone away, which is right for messages.
            Stderr = TextWriter.Synchronized(new StreamWriter(Console.OpenStandardError(), utf8) { AutoFlush = true }),
            Environment = System.Environment.GetEnvironmentVariable,
            StdoutIsTerminal = stdoutIsTerminal,
            StderrIsTerminal = stderrIsTerminal,
            Columns = stdoutIsTerminal || stderrIsTerminal ? TerminalColumns() : ColumnsOfPipe,
        };
    }

    private static int TerminalColumns()
    {
        try
        {
            return Console.WindowWidth > 0 ? Console.WindowWidth : ColumnsOfPipe;
        }
        catch (IOException)
        {
            return ColumnsOfPipe;
        }
    }
}
