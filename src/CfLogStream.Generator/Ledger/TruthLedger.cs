using CfLogStream.Generator.Scenarios;
using CfLogStream.Generator.Simulation;
using CfLogStream.Generator.Simulation.Actors;
using CfLogStream.Generator.World;

namespace CfLogStream.Generator.Ledger;

/// <summary>Counts what really happens, from the simulation and never from what was written.</summary>
/// <remarks>
/// Minutes are written as soon as they are over: requests come in order of time, apart from repetitions of solved challenges that are
/// counted a few
/// seconds ahead, so only two or three minutes are open. A key packs endpoint, client and method into one number.
/// </remarks>
internal sealed class TruthLedger
{
    private const int Clients = 256;
    private const int Methods = 8;

    private readonly WorldModel _world;
    private readonly Incident? _incident;
    private readonly SortedDictionary<long, MinuteTruth> _minutes = [];
    private readonly Stack<MinuteTruth> _free = new();
    private readonly MinuteTruth _incidentRows = new();
    private readonly ActorTruth[] _actors;
    private long _openMinute = -1;
    private MinuteTruth _open = null!;

    public TruthLedger(WorldModel world, Incident? incident)
    {
        _world = world;
        _incident = incident;
        _actors = [.. world.Actors.Select(actor => new ActorTruth(actor.Callers))];
        if (world.Clients.Count > Clients)
        {
            throw new InvalidOperationException($"The world has {world.Clients.Count} clients; the ledger's keys hold {Clients}.");
        }
    }

    public IReadOnlyList<ActorTruth> Actors => _actors;

    /// <summary>What every rule stopped, the everyday ones included.</summary>
    public StoppedByRule Stopped { get; } = new();

    /// <summary>Rows of what the incident's rule stopped, of legitimate clients and of attackers.</summary>
    public MinuteTruth IncidentRows => _incidentRows;

    public long Requests { get; private set; }

    public long Subrequests { get; private set; }

    public long Internal { get; private set; }

    /// <summary>Requests of legitimate clients that the incident's rule stopped.</summary>
    public long IncidentLost { get; private set; }

    /// <summary>Requests of attackers that the incident's skip rule let pass.</summary>
    public long IncidentLetIn { get; private set; }

    public long FirstLostMs { get; private set; }

    public long LastLostMs { get; private set; }

    public void Count(Request request)
    {
        int key = (((request.Endpoint.Index * Clients) + request.Client.Index) * Methods) + request.OtherMethod;
        Minute(request.StartMs / 60_000).Add(key, request);
        Requests++;
        if (request.IsSubrequest)
        {
            Subrequests++;
            return;
        }

        if (!ReferenceEquals(request.Source, EdgeSources.Eyeball))
        {
            Internal++;
        }

        bool incident = _incident is not null && ReferenceEquals(request.Terminating, _incident.Rule);
        _actors[request.Actor.Index].Add(request, incident);
        if (request.Lost)
        {
            Stopped.Add(request);
        }

        if (incident && request.Lost)
        {
            _incidentRows.Add(key, request);
            if (!request.Actor.Attack)
            {
                IncidentLost++;
                FirstLostMs = FirstLostMs == 0 ? request.StartMs : FirstLostMs;
                LastLostMs = request.StartMs;
            }
        }

        if (request.Actor.Attack && request.Outcome == TrueOutcome.Exempted)
        {
            IncidentLetIn++;
        }
    }

    /// <summary>Takes the oldest minute that ended before <paramref name="nowMs"/>; give it back with <see cref="Return"/>.</summary>
    public bool TryTakeClosed(long nowMs, out long minute, out MinuteTruth truth)
    {
        foreach ((long oldest, MinuteTruth rows) in _minutes)
        {
            if ((oldest + 1) * 60_000 > nowMs)
            {
                break;
            }

            _minutes.Remove(oldest);
            _openMinute = -1;
            rows.Sort();
            minute = oldest;
            truth = rows;
            return true;
        }

        minute = 0;
        truth = null!;
        return false;
    }

    public void Return(MinuteTruth truth)
    {
        truth.Clear();
        _free.Push(truth);
    }

    /// <summary>Unpacks a row's key.</summary>
    public (Endpoint Endpoint, ClientIdentity Client, byte[] Method) Unpack(int key)
    {
        int method = key % Methods;
        Endpoint endpoint = _world.Catalog.Endpoints[key / Methods / Clients];
        return (endpoint, _world.Clients[key / Methods % Clients], method == 0 ? endpoint.MethodUtf8 : HostileTexts.Methods[method - 1]);
    }

    private MinuteTruth Minute(long minute)
    {
        if (minute == _openMinute)
        {
            return _open;
        }

        if (!_minutes.TryGetValue(minute, out MinuteTruth? truth))
        {
            truth = _free.Count > 0 ? _free.Pop() : new MinuteTruth();
            _minutes.Add(minute, truth);
        }

        _openMinute = minute;
        _open = truth;
        return truth;
    }
}
