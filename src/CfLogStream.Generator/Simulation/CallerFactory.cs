using CfLogStream.Generator.Randomness;
using CfLogStream.Generator.Records;
using CfLogStream.Generator.World;

namespace CfLogStream.Generator.Simulation;

/// <summary>Gives a caller its address, place and program, as functions of its number: no memory per caller.</summary>
internal sealed class CallerFactory(ulong seed)
{
    public void Fill(Request request, Actor actor, int caller)
    {
        ulong hash = Mix.Of(Mix.Of(seed, (ulong)actor.Index), (ulong)caller);
        Actor home = actor.Gateway ?? actor;
        ulong homeHash = actor.Gateway is null ? hash : Mix.Of(Mix.Of(seed, (ulong)home.Index), (ulong)(caller % home.Callers));
        Network network = home.Networks[Mix.Below(homeHash, home.Networks.Length)];
        request.Actor = actor;
        request.Caller = caller;
        request.CallerHash = hash;
        request.Network = network;
        request.City = network.Cities[(int)(homeHash % (ulong)network.Cities.Length)];

        // The smaller of two draws: newer versions stand first and are more common.
        ulong program = Mix.Of(hash, 7);
        int first = Mix.Below(program, actor.Fingerprints.Length);
        int second = Mix.Below(Mix.Of(program, 1), actor.Fingerprints.Length);
        int index = Math.Min(first, second);
        request.Fingerprint = actor.Fingerprints[index];
        request.Client = actor.Clients[index];
        request.Program = index;
        request.UserAgent.Clear();
        request.UserAgent.Append(request.Fingerprint.UserAgent);
        request.IpClass = actor.IpClass;
        request.VerifiedBot = actor.VerifiedBot;
        request.BotTag = actor.BotTag;
        WriteAddress(request.Ip, network, Mix.Of(homeHash, 3));
        request.BotScore = actor.Bots.Low + Mix.Below(Mix.Of(hash, 9), actor.Bots.High - actor.Bots.Low + 1);
        request.BotScoreSource = actor.Bots.Source;
    }

    private static void WriteAddress(TextBuffer text, Network network, ulong hash)
    {
        text.Clear();
        if (network.Block6.Length != 0 && network.Kind != NetworkKind.Hosting && (hash & 3) == 0)
        {
            text.Append(network.Block6).Append((byte)':').AppendHex((hash >> 8) | 0x1000,
                4).Append((byte)':').AppendHex((hash >> 24) | 0x1000, 4)
                .Append((byte)':').AppendHex((hash >> 40) | 0x1000, 4).Append((byte)':').AppendHex(Mix.Of(hash, 1) | 0x1000, 4)
                .Append((byte)':').AppendHex(Mix.Of(hash, 2) | 0x1000, 4).Append((byte)':').AppendHex(Mix.Of(hash, 3) | 0x1000, 4);
            return;
        }

        (byte a, byte b) = network.Blocks[(int)((hash >> 4) % (ulong)network.Blocks.Length)];
        text.Append((long)a).Append((byte)'.').Append((long)b).Append((byte)'.')
            .Append((long)((hash >> 16) & 255)).Append((byte)'.').Append((long)(1 + ((hash >> 24) % 253)));
    }
}
