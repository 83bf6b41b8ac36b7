using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.Tests.Harness;
using HostAgent.Campaigns.Tests.Rules;

namespace HostAgent.Campaigns.Tests.Worlds;

/// <summary>
/// A campaign in a world of moves: agents that lose requests and answers, refuse and fail; hosts that go and come back; people that
/// command; a clock that jumps; a coordinator that dies between storing and doing. The same case gives the same history.
/// </summary>
internal sealed partial class World
{
    private static readonly Guid Uid = new("11111111-2222-4333-8444-555555555555");

    private readonly CampaignCase _case;
    private readonly Sabotage _sabotage;
    private readonly IReadOnlyList<RuleChecker> _checkers;
    private readonly Ledger _ledger;
    private readonly SortedDictionary<string, WorldAgent> _agents = new(StringComparer.Ordinal);
    private readonly List<CampaignEffect> _outbox = [];
    private DateTimeOffset? _wake;
    private bool _dies;
    private int _made;
    private Move _move = Move.Calm(MoveKind.Deliver);

    public World(CampaignCase random, Sabotage sabotage, params IReadOnlyList<RuleChecker> checkers)
    {
        (_case, _sabotage, _checkers) = (random, sabotage, checkers);
        var spec = random.Setting.ToSpec();
        var estate = random.Setting.ToEstate();
        var plan = CampaignPlanner.Plan(spec, estate).Plan;
        foreach (var host in estate.Hosts)
        {
            _agents.Add(host.Name, new WorldAgent());
        }

        History = new History(plan);
        _ledger = new Ledger(spec, plan);
        foreach (var checker in checkers)
        {
            checker.Begin(_ledger);
        }

        Send(new CreateCampaign(Uid, spec, plan, "random", "ann"));
    }

    public CampaignMachine Machine { get; private set; } = new();

    /// <summary>Looks at the machine after each turn.</summary>
    public Action<CampaignMachine> AfterTurn { get; init; } = _ => { };

    /// <summary>What is stored.</summary>
    public List<CampaignEvent> Log { get; } = [];

    public DateTimeOffset Now { get; private set; } = Scenario.Begin;

    public History History { get; }

    public static string ItemOf(CampaignEffect effect) => effect switch
    {
        StartOperation initiate => initiate.Item,
        Watch watch => watch.Item,
        CancelOperation cancel => cancel.Item,
        RecheckState reread => reread.Item,
        CheckReadiness check => check.Item,
        _ => throw new InvalidOperationException($"{effect} is for no agent."),
    };

    /// <summary>Makes all moves.</summary>
    public void Live() => Live(moves => moves);

    /// <summary>Makes the next moves, up to one; the campaign is started early, if nobody did.</summary>
    public void Live(Func<int, int> upTo)
    {
        for (var end = upTo(_case.Moves.Count); _made < end; _made++)
        {
            if (_made == _case.Moves[0].Pick % 6)
            {
                Send(new StartCampaign(_case.Moves[0].Choose(4, 9) == 0 ? Now.AddMinutes(5) : null, "ann"));
            }

            Make(_case.Moves[_made]);
        }
    }

    /// <summary>No more faults: everything must come to an end by itself, but for gates, pauses and unknown outcomes, which are a person's.</summary>
    public void Calm()
    {
        _dies = false;
        _move = Move.Calm(MoveKind.Deliver);
        foreach (var (name, agent) in _agents)
        {
            agent.IsDown = false;
            Send(new HostReachable(name));
        }

        for (var step = 0; step < 3000 && !Machine.State.Status.IsTerminal(); step++)
        {
            CalmStep();
        }

        if (!Machine.State.Status.IsTerminal())
        {
            throw new RuleBrokenException($"The campaign does not come to its end: {Machine.State.Explanation}");
        }
    }

    /// <summary>The coordinator dies after storing: all that is left is what is stored.</summary>
    public void Crash()
    {
        History.Note(Now, "— the coordinator dies and is taken over —");

        // What was on its way may or may not have arrived; nobody hears the answer.
        for (var index = 0; index < _outbox.Count; index++)
        {
            if (_outbox[index] is StartOperation initiate && _move.Choose(3, 100 + (uint)index) == 0)
            {
                _agents[initiate.Host].Initiate(initiate, _move, Begins);
            }
        }

        _outbox.Clear();
        _wake = null;
        Machine = CampaignMachine.Replay(Log);
        Take(null, Machine.Resume(Now));
    }

    private void Make(Move move)
    {
        _move = move;
        switch (move.Kind)
        {
            case MoveKind.Deliver:
                Deliver();
                break;
            case MoveKind.Work:
                Work();
                break;
            case MoveKind.Pass:
                // The clock of a machine may be set back, too.
                Pass(move.Choose(50, 1) == 0 ? TimeSpan.FromMinutes(-10) : TimeSpan.FromSeconds(1 + move.Choose(400, 2)));
                break;
            case MoveKind.Command:
                Send(Command());
                break;
            case MoveKind.Toggle:
                var (name, agent) = _agents.ElementAt(move.Pick % _agents.Count);
                agent.IsDown = !agent.IsDown;
                Send(agent.IsDown ? new HostUnreachable(name, "No heartbeat.") : new HostReachable(name));
                break;
            case MoveKind.Change:
                var item = _ledger.Plan.Items[move.Pick % _ledger.Plan.Items.Count];
                Send(_agents[item.Host].Change(item.Id));
                break;
            case MoveKind.Restore:
                var (host, restored) = _agents.ElementAt(move.Pick % _agents.Count);
                if (restored.CopyOrRestore(Now))
                {
                    History.Note(Now, $"— the journal of {host} is put back from a copy —");
                    Send(new HostUnreachable(host, "The agent is restarted."));
                    Send(new HostReachable(host));
                }

                break;
            case MoveKind.Crash:
                Crash();
                break;
            case MoveKind.Die:
                _dies = true;
                break;
        }
    }

    private void CalmStep()
    {
        var state = Machine.State;
        if (state.Status is CampaignStatus.Ready)
        {
            // The coordinator died before it had stored the start: the caller has seen an error and tries again.
            Send(new StartCampaign(null, "ann"));
        }
        else if (_outbox.Count > 0)
        {
            Deliver();
        }
        else if (_agents.Values.Any(agent => agent.HasLive))
        {
            Work();
        }
        else if (state.Waves.FirstOrDefault(wave => wave.Status == WaveStatus.AtGate && wave.NeedsApproval) is { } gate)
        {
            Send(new ApproveWave(gate.Spec.Name, "lead", ""));
        }
        else if (state.Status == CampaignStatus.Paused && state.PauseCause != PauseCause.Window)
        {
            Send(new ResumeCampaign("ann", ""));
        }
        else
        {
            if (state.PauseCause == PauseCause.Window && !state.EndsByItself(PauseCause.Window))
            {
                Send(new ResumeCampaign("ann", ""));
            }

            Now = _wake is { } wake ? (wake > Now ? wake : Now) : throw new RuleBrokenException("Nothing is left to wait for.");
            Send(new TimerElapsed());
        }
    }

    private void Pass(TimeSpan time)
    {
        Now += time;
        if (_wake <= Now)
        {
            Send(new TimerElapsed());
        }
    }

    private void Send(CampaignInput input)
    {
        History.Note(Now, input);
        _sabotage.Tampers(Machine, Now);
        var heard = input is CreateCampaign create
            ? [create with { Spec = _sabotage.Spec(create.Spec), Plan = _sabotage.Plan(create.Plan) }]
            : input is ReviseCampaign revise
            ? [revise with { Spec = _sabotage.Spec(revise.Spec), Plan = _sabotage.Plan(revise.Plan) }]
            : _sabotage.Hears(input, Machine);
        var outcomes = heard.Select(each => Machine.Handle(each, Now)).ToList();
        if (_dies && Log.Count > 0)
        {
            // Decided, but dead before it was stored: as if it had never been.
            _dies = false;
            Crash();
            return;
        }

        foreach (var checker in _checkers)
        {
            checker.Hears(input, Now);
        }

        Take(input, outcomes.Count == 1
            ? outcomes[0]
            : new Outcome([.. outcomes.SelectMany(outcome => outcome.Events)], [.. outcomes.SelectMany(outcome => outcome.Effects)], null));
    }

    private void Take(CampaignInput? input, Outcome outcome)
    {
        var turn = new Turn(input, Now, outcome.Events, outcome.Effects, outcome.Rejection is not null);
        foreach (var campaignEvent in outcome.Events)
        {
            History.Note(Now, campaignEvent);
            if (_sabotage.Stores(campaignEvent))
            {
                Log.Add(campaignEvent);
            }

            foreach (var checker in _checkers)
            {
                checker.Before(campaignEvent);
            }

            _ledger.Take(campaignEvent);
        }

        foreach (var effect in outcome.Effects)
        {
            History.Note(Now, effect);
            switch (effect)
            {
                case WakeAt wake:
                    _wake = wake.Time;
                    break;
                case Ended:
                    break;
                default:
                    _outbox.Add(effect);
                    break;
            }
        }

        foreach (var checker in _checkers)
        {
            checker.After(turn);
        }

        AfterTurn(Machine);
    }
}
