using CfLogStream.Generator.Randomness;
using CfLogStream.Generator.World;

namespace CfLogStream.Generator.Simulation;

/// <summary>A new release of a program: callers change to it one after another, with a new user agent, TLS fingerprint and bot
/// score.</summary>
internal sealed class ClientUpdate
{
    public required Fingerprint Fingerprint { get; init; }

    public required ClientIdentity Client { get; init; }

    /// <summary>When the first callers have it.</summary>
    public required long FromMs { get; init; }

    /// <summary>How long it takes until the last of those who update has it.</summary>
    public required long RampMs { get; init; }

    /// <summary>How many of a hundred callers update.</summary>
    public required int Percent { get; init; }

    /// <summary>Lowest and highest bot score of the new release.</summary>
    public required (int Low, int High) Bots { get; init; }

    public void Apply(Request request, long ms)
    {
        ulong hash = Mix.Of(request.CallerHash, 0x0DA7E);
        if (Mix.Below(hash, 100) >= Percent || ms < FromMs + (long)(Mix.Of(hash, 1) % (ulong)Math.Max(1, RampMs)))
        {
            return;
        }

        request.Fingerprint = Fingerprint;
        request.Client = Client;
        request.UserAgent.Clear();
        request.UserAgent.Append(Fingerprint.UserAgent);
        request.BotScore = Bots.Low + Mix.Below(Mix.Of(hash, 2), Bots.High - Bots.Low + 1);
    }
}
