using System.Diagnostics;
using System.Globalization;
using CfLogStream.Benchmarks.Layers.Input;

namespace CfLogStream.Benchmarks.Layers;

/// <summary><c>quick</c>: every layer for about a second, alternating with its peers.</summary>
/// <remarks>
/// For those who do not want to wait for BenchmarkDotNet.
/// Times are CPU times of this process, all its threads: on a quiet machine the same as elapsed time, on a busy one still about right.
/// Medians; the bytes allocated are those of the last round, when tables have grown to their size.
/// </remarks>
internal static class QuickRun
{
    public const string Usage =
        """
        quick [--bytes N] [--seconds N] [--layer NAME]
          --bytes    size of each generated input (64000000)
          --seconds  how long each layer is measured on each of its inputs, after as long a warm-up (1)
          --layer    only layers whose name begins so: line, parse, width, classify, correlate, encode, gzip, whole
        """;

    private static readonly Layer[] s_layers =
    [
        Layer.Of<LineBenchmarks>(
            "line",
            ("PipeReader", b => b.PipeReaderLines()),
            ("StreamReader.ReadLine", b => b.StreamReaderLines()),
            ("ours: in memory", b => b.Splitter()),
            ("ours: from a stream", b => b.BatchReader())),
        Layer.Of<ParseBenchmarks>(
            "parse",
            ("Utf8JsonReader", b => b.Utf8JsonReader()),
            ("JsonDocument", b => b.JsonDocument()),
            ("JsonSerializer", b => b.JsonSerializer()),
            ("ours", b => b.RecordReader())),
        Layer.Of<WidthBenchmarks>(
            "width",
            ("scalar", b => b.Scalar()),
            ("128", b => b.Vector128()),
            ("256", b => b.Vector256()),
            ("512", b => b.Vector512())),
        Layer.Of<ClassifyBenchmarks>(
            "classify",
            ("Utf8JsonReader", b => b.Utf8JsonReader()),
            ("ours: reading", b => b.Read()),
            ("ours: and classifying", b => b.ReadAndClassify())),
        Layer.Of<CorrelateBenchmarks>("correlate", ("dictionaries", b => b.Dictionaries()), ("ours", b => b.Correlate())),
        Layer.Of<EncodeBenchmarks>("encode", ("Utf8JsonWriter", b => b.Utf8JsonWriter()), ("ours", b => b.RowEncoder())),
        Layer.Of<GzipBenchmarks>("gzip", ("GZipStream", b => b.GZipStream()), ("ours: into lines", b => b.BatchReader())),
        Layer.Of<WholeBenchmarks>("whole", ("Utf8JsonReader", b => b.Utf8JsonReader()), ("ours: lines to blocks", b => b.Whole())),
    ];

    public static int Run(IReadOnlyList<string> arguments, TextWriter output)
    {
        double seconds = 1;
        string only = "";
        for (int i = 0; i < arguments.Count; i += 2)
        {
            string value = i + 1 < arguments.Count ? arguments[i + 1] : "";
            bool isKnown = arguments[i] switch
            {
                "--bytes" => long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out long bytes)
                    && (LogInput.TargetBytes = bytes) > 0,
                "--seconds" => double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out seconds),
                "--layer" => (only = value).Length > 0,
                _ => false,
            };
            if (!isKnown)
            {
                output.WriteLine($"'{arguments[i]} {value}' is not understood.\n{Usage}");
                return 2;
            }
        }

        output.WriteLine($"{"",-10} {"input",-15} {"",-24} {"ns/record",10} {"GB/s",7} {"B/record",9} {"speed",8}");
        foreach (Layer layer in s_layers.Where(layer => layer.Name.StartsWith(only, StringComparison.OrdinalIgnoreCase)))
        {
            foreach (InputKind input in layer.Create().Inputs)
            {
                Measure(layer, input, seconds, output);
            }
        }

        return 0;
    }

    private static void Measure(Layer layer, InputKind input, double seconds, TextWriter output)
    {
        LayerBenchmark benchmark = layer.Create();
        Method[] methods = layer.Methods;
        benchmark.Input = input;
        benchmark.Setup();
        LogInput log = LogInput.Of(input);
        var times = new List<double>[methods.Length];
        long[] allocated = new long[methods.Length];
        long started = Stopwatch.GetTimestamp();
        int measured = 0;
        for (int round = 0; measured < 3 || Stopwatch.GetElapsedTime(started).TotalSeconds < 2 * seconds; round++)
        {
            // The first rounds, as long as those that count, are for the just-in-time compiler and for tables that grow to their size.
            bool counts = round >= 2 && Stopwatch.GetElapsedTime(started).TotalSeconds >= seconds;
            measured += counts ? 1 : 0;
            for (int i = 0; i < methods.Length; i++)
            {
                long before = GC.GetAllocatedBytesForCurrentThread();
                double begin = ProcessorTime.OfSelf();
                methods[i].Run(benchmark);
                double ns = (ProcessorTime.OfSelf() - begin) * 1e9;
                allocated[i] = GC.GetAllocatedBytesForCurrentThread() - before;
                if (counts)
                {
                    (times[i] ??= []).Add(ns);
                }
            }
        }

        benchmark.Cleanup();
        double baseline = Statistics.Median(times[0]);
        for (int i = 0; i < methods.Length; i++)
        {
            double ns = Statistics.Median(times[i]);
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{layer.Name,-10} {input,-15} {methods[i].Name,-24} {ns / log.Lines.Length,10:0.0} {log.Bytes.Length / ns,7:0.00} ")
                + string.Create(CultureInfo.InvariantCulture, $"{(double)allocated[i] / log.Lines.Length,9:0.00} {baseline / ns,7:0.00}x"));
        }
    }

    private sealed record Method(string Name, Func<LayerBenchmark, long> Run);

    private sealed record Layer(string Name, Func<LayerBenchmark> Create, Method[] Methods)
    {
        public static Layer Of<T>(string name, params (string Name, Func<T, long> Run)[] methods)
            where T : LayerBenchmark, new() =>
            new(name, () => new T(), [.. methods.Select(method => new Method(method.Name, benchmark => method.Run((T)benchmark)))]);
    }
}
