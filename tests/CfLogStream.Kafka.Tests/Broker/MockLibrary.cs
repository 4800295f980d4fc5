using System.Runtime.InteropServices;
using Confluent.Kafka;

namespace CfLogStream.Kafka.Testing;

/// <summary>The librdkafka that Confluent.Kafka loaded into this process: the same file, so that there is one library and not two.</summary>
internal static class MockLibrary
{
    private static readonly Lazy<nint> s_handle = new(Load);

    /// <summary>The function of this name.</summary>
    internal static TDelegate Get<TDelegate>(string name)
        where TDelegate : Delegate
        => Marshal.GetDelegateForFunctionPointer<TDelegate>(NativeLibrary.GetExport(s_handle.Value, name));

    private static nint Load()
    {
        Library.Load();
        // Which of its files the client chose depends on the machine's libraries; the process's memory map tells.
        string? path = File.ReadLines("/proc/self/maps")
            .Select(line => line[(line.IndexOf('/') is var slash and >= 0 ? slash : line.Length)..])
            .FirstOrDefault(file => file.EndsWith("librdkafka.so", StringComparison.Ordinal));
        return NativeLibrary.Load(path ?? throw new DllNotFoundException("Confluent.Kafka has loaded no librdkafka.so."));
    }
}
