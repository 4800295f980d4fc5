using CfLogStream.Core.Fuzz;
using SharpFuzz;

// Without arguments: a target for afl-fuzz. With some: what tests/fuzz.sh needs beside it.
switch (args)
{
    case ["instrument", var assembly]:
        Instrumentation.Apply(assembly);
        return 0;
    case ["replay", .. var rest] when Replay.TryParse(rest, out Replay? replay):
        return replay.Run(Console.Out);
    case []:
        Fuzzer.Run(stream =>
        {
            using var input = new MemoryStream();
            stream.CopyTo(input);
            if (ReadingTarget.FindDifference(input.ToArray()) is { } difference)
            {
                throw new InvalidOperationException(difference);
            }
        });
        return 0;
    default:
        Console.Error.WriteLine("Usage: CfLogStream.Core.Fuzz [instrument <assembly> | replay <seconds> <seed> <folder>…]");
        return 2;
}
