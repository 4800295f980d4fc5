using CfLogStream.Generator.Ledger;
using CfLogStream.Generator.Randomness;
using CfLogStream.Generator.Scenarios;
using CfLogStream.Generator.Simulation.Actors;
using CfLogStream.Generator.World;

namespace CfLogStream.Generator.Simulation;

/// <summary>The world at work: draws actors, lets them call, decides what becomes of each request, and hands it on.</summary>
/// <remarks>
/// Single-threaded; everything random comes from one stream, in order of event time, so that neither batch sizes nor the output change
/// what happens.
/// The memory is that of the callers' states and of the acts that are due later; both are bounded.
/// </remarks>
internal sealed class TrafficSimulation
{
    private const int MaxPending = 400_000;

    // Lines that one draw may write at once at most: request, subrequest or solved challenge, each with its security events.
    private const int MaxLinesAtOnce = 2 * (1 + Request.MaxMatches);

    private readonly WorldModel _world;
    private readonly ControlPlane _controls;
    private readonly Responder _responder;
    private readonly IRecordOutput _output;
    private readonly TruthLedger _truth;
    private readonly LoadCurve _curve;
    private readonly ActQueue _queue = new(MaxPending);
    private readonly Request _request = new();
    private readonly CallerFactory _callers;
    private readonly FillerActor _filler;
    private readonly long _patienceMs;
    private uint _rays;

    public TrafficSimulation(WorldModel world, Incident? incident, IRecordOutput output, TruthLedger truth)
    {
        _world = world;
        _output = output;
        _truth = truth;
        Rng = new Rng(world.Seed, 0x5117);
        _controls = new ControlPlane(world, incident, Rng);
        _responder = new Responder(world, Rng);
        _callers = new CallerFactory(world.Seed);
        _filler = world.Filler;
        _patienceMs = 5000 + (long)(25 / world.LinesPerMs);
        _curve = new LoadCurve(world.Actors, world.StartMs, world.DurationMs, world.Seed);
        foreach (Actor actor in world.Actors)
        {
            actor.Start(this);
        }
    }

    public Rng Rng { get; }

    public WorldModel World => _world;

    /// <summary>The time of what happens now.</summary>
    public long NowMs { get; private set; }

    /// <summary>
    /// Whether more is due than the run has room for. Blocked callers then give up sooner, so that their retries do not push everyone else
    /// out of a small run.
    /// </summary>
    public bool Crowded { get; private set; }

    /// <summary>Lets the next thing happen; false when everything has been written.</summary>
    public bool Step()
    {
        double remaining = _output.Limit - _output.Used;
        if (remaining <= 0)
        {
            return false;
        }

        long ms = _curve.TimeAt((_output.Used + Rng.Unit()) / _output.Limit);
        if (_output.CountsLines && remaining < MaxLinesAtOnce)
        {
            NowMs = ms;
            _filler.Draw(this, ms);
            return true;
        }

        Crowded = _queue.Lag(ms) > _patienceMs;
        if (_queue.TryTake(ms, out Act act))
        {
            NowMs = Math.Max(NowMs, act.Ms);
            act.Actor.Continue(this, act);
            return true;
        }

        NowMs = Math.Max(NowMs, ms);
        for (int attempt = 0; attempt < 16; attempt++)
        {
            if (_curve.Draw(Rng).Draw(this, ms))
            {
                return true;
            }
        }

        _filler.Draw(this, ms);
        return true;
    }

    public void Schedule(in Act act) => _queue.Add(act);

    /// <summary>Begins a request; the actor adds what is special and then calls <see cref="Emit"/>.</summary>
    public Request Open(Actor actor, int caller, Endpoint endpoint, ulong id, long ms)
    {
        Request request = _request;
        _callers.Fill(request, actor, caller);
        actor.Update?.Apply(request, ms);
        request.StartMs = ms;
        request.Endpoint = endpoint;
        request.Id = id;
        request.Path.Clear();
        endpoint.Path.Write(request.Path, id);
        request.Query.Clear();
        endpoint.Query?.Write(request.Query, Mix.Of(id, 0x9E));
        request.Referer.Clear();
        request.RequestedWith.Clear();
        request.Headers.Clear();
        if (actor.ApiKey)
        {
            request.Headers.Raw("\"x-api-key-id\":\"k_"u8);
            request.Headers.Hex(request.CallerHash, 10);
            request.Headers.Raw((byte)'"');
        }

        request.Method = endpoint.MethodUtf8;
        request.OtherMethod = 0;
        request.Source = EdgeSources.Eyeball;
        request.Payload = Payload.None;
        request.SensitivePath = false;
        request.Secure = true;
        request.WithoutFingerprints = _world.LacksFingerprints;
        request.Preflight = false;
        request.Solvable = false;
        request.SolveChance = 0.8;
        request.ParentRay = 0;
        request.Subrequests = 0;
        return request;
    }

    /// <summary>Decides what becomes of the request and writes it, with the solved repetition when the client solves a challenge at
    /// once.</summary>
    public void Emit(Request request)
    {
        request.Ray = NextRay(request);
        _controls.Evaluate(request);
        bool solves = request.Outcome == TrueOutcome.Challenged && request.Solvable && Rng.Chance(request.SolveChance);
        request.Lost = request.Outcome switch
        {
            TrueOutcome.Blocked or TrueOutcome.RateLimited or TrueOutcome.Dropped => true,
            TrueOutcome.Challenged => !solves,
            _ => false,
        };
        _responder.Answer(request);
        Write(request);
        if (solves)
        {
            WriteSolved(request);
        }
        else if (request.Terminating is null && request.Endpoint.Host.Worker.Length != 0 && request.Endpoint.Kind == EndpointKind.Api)
        {
            WriteSubrequest(request);
        }
    }

    private void Write(Request request)
    {
        _truth.Count(request);
        _output.Write(request);
    }

    // The client's second try, which carries the proof: the same request a few seconds later.
    private void WriteSolved(Request request)
    {
        ulong originator = request.Ray;
        Rule rule = request.Matches[request.MatchCount - 1].Rule;
        request.StartMs += 3000 + Rng.Below(9000);
        request.Ray = NextRay(request);
        request.MatchCount = 0;
        request.Match(rule, SolvedAction(rule.Action), originator);
        request.Outcome = TrueOutcome.ChallengeSolved;
        request.Lost = false;
        _controls.GrantClearance(request);
        _responder.Answer(request);
        Write(request);
        request.Lost = false;
    }

    private ControlAction SolvedAction(ControlAction challenge)
    {
        bool byItself = Rng.Chance(0.9);
        return challenge.Name switch
        {
            "jschallenge" => ControlAction.JsSolved,
            "challenge" => ControlAction.ChallengeSolved,
            _ => byItself ? ControlAction.Solved : ControlAction.SolvedByHand,
        };
    }

    private void WriteSubrequest(Request request)
    {
        ulong parent = request.Ray;
        request.Client = _world.WorkerClient;
        request.ParentRay = parent;
        request.StartMs += 2 + Rng.Below(6);
        request.Source = EdgeSources.WorkerFetch;
        request.Secure = false;
        request.Ip.Clear();
        request.Ip.Append("2a06:98c0:3600::103"u8);
        request.Referer.Clear();
        request.Headers.Clear();
        request.Subrequests = 0;
        request.MatchCount = 0;
        request.Endpoint = _world.WorkerEndpoint;
        request.Method = request.Endpoint.MethodUtf8;
        request.OtherMethod = 0;
        request.Preflight = false;
        request.Path.Clear();
        request.Endpoint.Path.Write(request.Path, request.Id);
        request.Query.Clear();
        request.Ray = NextRay(request);
        request.Outcome = TrueOutcome.Passed;
        request.Lost = false;
        _responder.Answer(request);
        Write(request);
        request.Lost = false;
    }

    // A RayID rises with time; its low bits hold the data centre. The counter keeps the generated ones distinct.
    private ulong NextRay(Request request)
    {
        ulong unit = (ulong)(request.StartMs / 162) & 0xFFFF_FFFF;
        ulong number = (_rays++ * 0x9E375u) & 0xFFFFF;
        return (unit << 32) | (number << 12) | ((ulong)request.City.Colo.Id & 0xFFF);
    }
}
