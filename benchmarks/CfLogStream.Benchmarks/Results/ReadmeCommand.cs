namespace CfLogStream.Benchmarks.Results;

/// <summary><c>readme FILE…</c>: copies the blocks of result files into the README of the current folder.</summary>
internal static class ReadmeCommand
{
    public static async Task<int> RunAsync(IReadOnlyList<string> files, TextWriter output)
    {
        const string Readme = "README.md";
        if (files.Count == 0 || !File.Exists(Readme))
        {
            await output.WriteLineAsync("readme FILE…: name the result files, in the folder of README.md.").ConfigureAwait(false);
            return 2;
        }

        string text = await File.ReadAllTextAsync(Readme).ConfigureAwait(false);
        string[] results = await Task.WhenAll(files.Select(file => File.ReadAllTextAsync(file))).ConfigureAwait(false);
        await File.WriteAllTextAsync(Readme, ReadmeBlock.Replace(text, results)).ConfigureAwait(false);
        await output.WriteLineAsync($"{Readme} has the figures of {string.Join(" and ", files)}.").ConfigureAwait(false);
        return 0;
    }
}
