using System.Globalization;
using CfLogStream.Cli.Reports;
using CfLogStream.Server.Analysis;

namespace CfLogStream.Cli.Terminal;

/// <summary>One line on a terminal that says how far an analysis is: bar, rate and remaining time. Nothing in a pipe.</summary>
internal sealed class ProgressLine : IProgress<AnalysisProgress>, IDisposable
{
    private const int BarColumns = 30;

    private readonly Lock _gate = new();
    private readonly TextWriter? _terminal;
    private readonly TimeProvider _time;
    private readonly long _started;
    private readonly int _columns;
    private bool _ended;

    public ProgressLine(CommandHost host, TimeProvider time)
    {
        _terminal = host.StderrIsTerminal ? host.Stderr : null;
        _columns = Math.Max(20, host.Columns - 1);
        _time = time;
        _started = time.GetTimestamp();
    }

    public void Report(AnalysisProgress value)
    {
        if (_terminal is null)
        {
            return;
        }

        string line = Line(value, _time.GetElapsedTime(_started));
        lock (_gate)
        {
            if (!_ended)
            {
                _terminal.Write('\r' + TerminalText.Fit(line, _columns));
            }
        }
    }

    public void Dispose()
    {
        if (_terminal is null)
        {
            return;
        }

        lock (_gate)
        {
            _ended = true;
            _terminal.Write('\r' + new string(' ', _columns) + '\r');
        }
    }

    internal static string Line(AnalysisProgress value, TimeSpan elapsed)
    {
        double seconds = Math.Max(elapsed.TotalSeconds, 0.001);
        string rate = string.Create(
            CultureInfo.InvariantCulture, $"{TextReport.Count(value.Records)} records, {value.LineBytes / seconds / 1e6:0} MB/s");
        if (value.BytesTotal <= 0)
        {
            return $"{TextReport.Bytes(value.BytesRead)} read, {rate}";
        }

        double share = Math.Clamp((double)value.BytesRead / value.BytesTotal, 0, 1);
        int filled = (int)(share * BarColumns);
        string bar = new string('█', filled) + new string('░', BarColumns - filled);
        string left = share is > 0.01 and < 1
            ? string.Create(CultureInfo.InvariantCulture, $", {seconds / share * (1 - share):0} s left")
            : "";
        return string.Create(CultureInfo.InvariantCulture, $"{bar} {share * 100,3:0} %  {rate}{left}");
    }
}
