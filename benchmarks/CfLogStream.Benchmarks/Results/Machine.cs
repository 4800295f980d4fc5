using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;

namespace CfLogStream.Benchmarks.Results;

/// <summary>What a result was measured on, and which state of the product.</summary>
internal sealed record Machine(
    string Processor, string Family, string Vectors, int Cores, long MemoryBytes, string Platform, string Runtime, string Commit)
{
    /// <summary>The folder of this processor's results: its name in lower case, and the number of cores.</summary>
    public string Folder
    {
        get
        {
            var name = new StringBuilder();
            foreach (char letter in $"{Processor} {Family} {Cores} cores".ToLowerInvariant())
            {
                if (char.IsAsciiLetterOrDigit(letter))
                {
                    name.Append(letter);
                }
                else if (name.Length > 0 && name[^1] != '-')
                {
                    name.Append('-');
                }
            }

            return name.ToString().TrimEnd('-');
        }
    }

    /// <summary>One line for a table.</summary>
    public string Text => string.Create(
        CultureInfo.InvariantCulture,
        $"{Processor}{(Family.Length > 0 ? $" ({Family})" : "")}, {Vectors}, {Cores} cores, {MemoryBytes >> 30} GiB; {Platform}; {Runtime}");

    public static Machine Read()
    {
        string[] cpu = File.Exists("/proc/cpuinfo") ? File.ReadAllLines("/proc/cpuinfo") : [];
        string flags = Value(cpu, "flags");
        string processor = Value(cpu, "model name");

        // Virtual machines hide the model behind a name without a number; the family then tells the generation.
        bool isHidden = !processor.Any(char.IsAsciiDigit);
        return new Machine(
            processor.Length > 0 ? processor : RuntimeInformation.ProcessArchitecture.ToString(),
            isHidden && Value(cpu, "cpu family").Length > 0 ? $"family {Value(cpu, "cpu family")}" : "",
            flags.Contains("avx512bw", StringComparison.Ordinal) ? "AVX-512"
                : flags.Contains("avx2", StringComparison.Ordinal) ? "AVX2" : "128-bit vectors",
            Environment.ProcessorCount,
            GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
            RuntimeInformation.OSDescription,
            RuntimeInformation.FrameworkDescription,
            ReadCommit());
    }

    private static string Value(string[] lines, string name) =>
        lines.FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal))?.Split(':', 2)[^1].Trim() ?? "";

    /// <summary>Returns the commit that was built, and whether files have been changed since, where git can tell.</summary>
    private static string ReadCommit()
    {
        string? built = typeof(Machine).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;
        string commit = built?.Split('+')[^1] ?? "unknown";
        try
        {
            using Process? git = Process.Start(new ProcessStartInfo("git", ["status", "--porcelain", "--", "src", "benchmarks"])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            });
            string changes = git?.StandardOutput.ReadToEnd() ?? "";
            git?.WaitForExit();
            bool hasChanges = changes.Split('\n')
                .Any(line => line.Length > 0 && !line.Contains("benchmarks/results/", StringComparison.Ordinal));
            return commit[..Math.Min(commit.Length, 12)] + (hasChanges ? " with changes" : "");
        }
        catch (Exception exception) when (exception is System.ComponentModel.Win32Exception or InvalidOperationException)
        {
            return commit;
        }
    }
}
