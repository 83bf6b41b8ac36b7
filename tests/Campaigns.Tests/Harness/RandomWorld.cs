using System.Globalization;
using HostAgent.Campaigns.Effects;
using HostAgent.Campaigns.Inputs;
using HostAgent.Campaigns.Planning;
using HostAgent.Campaigns.States;

namespace HostAgent.Campaigns.Tests.Harness;

/// <summary>
/// A random campaign in a random world: agents that lose requests and answers, refuse, fail, forget nothing; hosts that go and come
/// back; people that command; a clock that jumps; a coordinator that dies between storing and doing. All from one seed.
/// </summary>
internal sealed class RandomWorld
{
    private readonly Random _random;
    private readonly Dictionary<string, RandomAgent> _agents = new(StringComparer.Ordinal);
    private readonly List<CampaignEffect> _outbox = [];
    private readonly List<string> _story = [];
    private DateTimeOffset? _wake;
    private bool _calm;

    public RandomWorld(int seed)
    {
        _random = new Random(seed);
        var estate = RandomEstate();
        Spec = RandomSpec(estate.Hosts.Sum(host => host.VirtualMachines.Count));
        _story.Add($"seed {seed}\n{Spec}");
        var document = Scenario.Document(Spec);
        var parsed = CampaignDocument.Parse(document, "random.yaml").Require();
        var plan = CampaignPlanner.Plan(parsed, estate);
        plan.Problems.ShouldBeEmpty(Story);
        foreach (var host in estate.Hosts)
        {
            _agents.Add(host.Name, new RandomAgent(_random));
        }

        Checker = new HistoryChecker(parsed, plan.Plan);
        Send(new CreateCampaign(new Guid(seed, 0, 0, new byte[8]), parsed, plan.Plan, document, "ann"));
    }

    public string Spec { get; }

    public CampaignMachine Machine { get; private set; } = new();

    public CampaignMachine Shadow { get; private set; } = new();

    public List<string> Log { get; } = [];

    public HistoryChecker Checker { get; }

    public DateTimeOffset Now { get; private set; } = Scenario.Begin;

    public string Story => string.Join('\n', _story);

    public void Live(int steps)
    {
        Send(new StartCampaign(_random.Next(4) == 0 ? Now.AddMinutes(5) : null, "ann"));
        for (var step = 0; step < steps && !Machine.State.Status.IsTerminal(); step++)
        {
            Step();
        }
    }

    /// <summary>No more faults: everything must come to an end by itself, but for gates, pauses and unknown outcomes, which are a person's.</summary>
    public void Calm()
    {
        _calm = true;
        foreach (var (name, agent) in _agents)
        {
            agent.IsDown = false;
            Send(new HostReachable(name));
        }

        for (var step = 0; step < 5000 && !Machine.State.Status.IsTerminal(); step++)
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
            else if (state.Status == CampaignStatus.Paused && state.PauseCause != PauseCause.Window && state.PauseCause != PauseCause.Gate)
            {
                Send(new ResumeCampaign("ann", ""));
            }
            else if (state.Waves.FirstOrDefault(wave => wave.Status == WaveStatus.AtGate && wave.ApprovedBy is null && wave.Spec.Gate!.Approvers.Count > 0) is { } gate)
            {
                Send(new ApproveWave(gate.Spec.Name, "lead", ""));
            }
            else if (state.PauseCause == PauseCause.Window && !state.EndsByItself(PauseCause.Window))
            {
                Send(new ResumeCampaign("ann", ""));
                Wake();
            }
            else
            {
                Wake();
            }
        }

        if (!Machine.State.Status.IsTerminal())
        {
            throw new ShouldAssertException($"the campaign does not come to its end: {Machine.State.Explanation}\n{Story}");
        }
    }

    /// <summary>The state is the fold of the stored events, byte for byte.</summary>
    public void CheckReplay(CampaignMachine folded)
    {
        var (expected, actual) = (StateDump.Of(Machine.State), StateDump.Of(folded.State));
        if (actual != expected)
        {
            actual.ShouldBe(expected, Story);
        }
    }

    public void Crash(bool afterStoring = true)
    {
        Note(afterStoring ? "the coordinator dies after storing" : "the coordinator dies before storing");

        // What was on its way may or may not have arrived; nobody hears the answer.
        foreach (var initiate in _outbox.OfType<Initiate>().Where(_ => _random.Next(3) == 0))
        {
            _agents[initiate.Host].Initiate(initiate, Checker);
        }

        _outbox.Clear();
        _wake = null;
        var events = Log.Select(CampaignEventCodec.Read).ToList();
        Machine = CampaignMachine.Replay(events);
        Shadow = CampaignMachine.Replay(events);
        Take(Machine.Resume(Now));
    }

    private void Step()
    {
        switch (_random.Next(100))
        {
            case < 45:
                Deliver();
                break;
            case < 75:
                Work();
                break;
            case < 85:
                Pass();
                break;
            case < 88:
                Crash();
                break;
            case < 92:
                ToggleHost();
                break;
            default:
                Command();
                break;
        }
    }

    private void Deliver()
    {
        if (_outbox.Count == 0)
        {
            Pass();
            return;
        }

        // Items are served in any order, one item's calls one after the other.
        var item = ItemOf(_outbox[_calm ? 0 : _random.Next(_outbox.Count)]);
        var index = _outbox.FindIndex(candidate => ItemOf(candidate) == item);
        var effect = _outbox[index];
        _outbox.RemoveAt(index);
        switch (effect)
        {
            case Initiate initiate:
                Call(initiate.Host, initiate.Item, initiate.Attempt, agent => agent.Initiate(initiate, Checker));
                break;
            case Watch watch:
                Call(watch.Host, watch.Item, watch.Attempt, agent => agent.Watch(watch));
                break;
            case CancelOperation cancel:
                Call(cancel.Host, cancel.Item, cancel.Attempt, agent => agent.Cancel(cancel));
                break;
            case RereadState reread:
                Call(reread.Host, reread.Item, reread.Attempt, agent => agent.Reread(reread));
                break;
        }
    }

    private static string ItemOf(CampaignEffect effect) => effect switch
    {
        Initiate initiate => initiate.Item,
        Watch watch => watch.Item,
        CancelOperation cancel => cancel.Item,
        RereadState reread => reread.Item,
        _ => throw new InvalidOperationException($"{effect} is for no agent."),
    };

    private void Call(string host, string item, int attempt, Func<RandomAgent, ItemReport?> call)
    {
        var agent = _agents[host];
        if (agent.IsDown)
        {
            Send(new AttemptUndelivered(item, attempt, false, "Connection refused."));
            return;
        }

        var fate = _calm ? 99 : _random.Next(100);
        var answer = fate < 6 ? null : call(agent);
        if (fate is >= 12 and < 18)
        {
            // The request was delivered twice.
            answer = call(agent);
        }

        if (fate < 12)
        {
            Send(new AttemptUndelivered(item, attempt, fate >= 6, "The connection was reset."));
        }
        else if (answer is not null)
        {
            Send(answer);
        }
    }

    private void Work()
    {
        var busy = _agents.Where(pair => pair.Value.HasLive).OrderBy(pair => pair.Key, StringComparer.Ordinal).ToList();
        if (busy.Count == 0)
        {
            Pass();
            return;
        }

        var (name, agent) = busy[_random.Next(busy.Count)];
        var report = agent.Work(_calm);
        if (!agent.IsDown && report is not null)
        {
            Send(report);
        }
        else if (report is not null)
        {
            Send(new HostUnreachable(name, "The stream was cut."));
        }
    }

    private void Pass()
    {
        // The clock of a machine may be set back, too.
        Now += _random.Next(50) == 0 ? TimeSpan.FromMinutes(-10) : TimeSpan.FromSeconds(_random.Next(1, 400));
        if (_wake <= Now)
        {
            Send(new TimerElapsed());
        }
    }

    private void Wake()
    {
        if (_wake is not { } wake)
        {
            throw new ShouldAssertException($"nothing is left to wait for\n{Story}");
        }

        Now = wake > Now ? wake : Now;
        Send(new TimerElapsed());
    }

    private void ToggleHost()
    {
        var (name, agent) = _agents.OrderBy(pair => pair.Key, StringComparer.Ordinal).ElementAt(_random.Next(_agents.Count));
        agent.IsDown = !agent.IsDown;
        Send(agent.IsDown ? new HostUnreachable(name, "No heartbeat.") : new HostReachable(name));
    }

    private void Command()
    {
        var item = Machine.State.Items[_random.Next(Machine.State.Items.Count)];
        switch (_random.Next(11))
        {
            case 0:
                Send(new PauseCampaign("ann", "a break"));
                break;
            case 1 or 2 or 3:
                Send(new ResumeCampaign("ann", ""));
                break;
            case 4 or 5:
                Send(new ApproveWave(item.Wave.Spec.Name, "lead", ""));
                break;
            case 6:
                Send(new SkipItem(item.Id, "ann", ""));
                break;
            case 7:
                Send(new CancelItem(item.Id, true, "ann", ""));
                break;
            case 8:
                Send(new RecheckItem(item.Id, "ann"));
                break;
            case 9:
                Send(new RetryItems([item.Id], "ann", ""));
                break;
            default:
                Send(_random.Next(12) == 0 ? new StopCampaign("ann", "") : new RejectWave(item.Wave.Spec.Name, "lead", ""));
                break;
        }
    }

    private void Send(CampaignInput input)
    {
        Note(input.ToString());
        if (!_calm && Machine.State.Spec is not null && _random.Next(60) == 0)
        {
            // Decided, but dead before it was stored: as if it had never been.
            Machine.Handle(input, Now);
            Crash(afterStoring: false);
            return;
        }

        Take(Machine.Handle(input, Now));
    }

    private void Take(Outcome outcome)
    {
        foreach (var campaignEvent in outcome.Events)
        {
            var json = CampaignEventCodec.Write(campaignEvent);
            Note("  → " + json);
            Log.Add(json);
            Shadow.Apply(CampaignEventCodec.Read(json));
        }

        foreach (var effect in outcome.Effects)
        {
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

        Checker.Check(outcome, Machine, () => Story);
    }

    private void Note(string line)
    {
        if (!line.Contains("CreateCampaign", StringComparison.Ordinal) && !line.Contains("\"campaign-created\"", StringComparison.Ordinal))
        {
            _story.Add(string.Create(CultureInfo.InvariantCulture, $"{Now:HH:mm:ss} {line}"));
        }
    }

    private EstateView RandomEstate()
    {
        var hosts = _random.Next(1, 5);
        return new EstateView([.. Enumerable.Range(0, hosts).Select(host => Estate.Host(
            string.Create(CultureInfo.InvariantCulture, $"h{host}: ") + string.Join(' ', Enumerable.Range(0, _random.Next(1, 5)).Select(machine => $"{(machine % 2 == 0 ? "sql" : "app")}-{host}-{machine}")),
            site: _random.Next(2) == 0 ? "west" : "south",
            primarySite: _random.Next(2) == 0 ? "east" : "north",
            tenant: _random.Next(2) == 0 ? "blue" : "red"))]);
    }

    private string RandomSpec(int items)
    {
        var lines = new List<string>
        {
            $"limits: {{host: {_random.Next(1, 4)}{Maybe("campaign", items)}{Maybe("site", 4)}{Maybe("link", 3)}{Maybe("tenant", 4)}}}",
            $"tolerance: {{failures: {(_random.Next(2) == 0 ? $"{_random.Next(0, 80)}%" : _random.Next(0, 5))}, onBreach: {(_random.Next(6) == 0 ? "stop" : "pause")}"
                + (_random.Next(2) == 0 ? $", perHost: {_random.Next(0, 3)}" : "")
                + (_random.Next(3) == 0 ? $", window: {{failures: {_random.Next(0, 4)}, in: 10m}}" : "") + "}",
            $"retry: {{attempts: {_random.Next(1, 4)}, initial: 20s, factor: 2, max: 5m, jitter: 0.2, failedJobs: {(_random.Next(2) == 0 ? "true" : "false")}}}",
            $"timeouts: {{item: {_random.Next(1, 6)}h, noProgress: {_random.Next(10, 60)}m, unreachable: {_random.Next(2, 30)}m}}",
        };
        lines.Add(_random.Next(4) switch
        {
            0 => "waves: [{name: a, take: 2, gate: {approval: {by: [lead]}, soak: 5m}}, {name: b, match: {vms: {names: [\"sql-*\"]}}, ramp: {start: 1, factor: 2}}, {name: c}]",
            1 => "waves: [{name: a, take: 30%, gate: {soak: 3m}}, {name: c}]",
            2 => "waves: [{name: a, match: {vms: {names: [\"sql-*\"]}}, gate: {approval: {by: [lead]}}}, {name: b, match: {vms: {names: [\"app-*\"]}}}]",
            _ => "waves: [{name: all, ramp: {start: 2, factor: 1.5}}]",
        });
        if (_random.Next(2) == 0)
        {
            lines.Add("dependencies: [{item: {vm: app-*}, after: {vm: sql-*}}]");
        }

        if (_random.Next(4) == 0)
        {
            lines.Add($"window: {{opens: \"{_random.Next(0, 24):00}:00\", closes: \"{_random.Next(0, 24):00}:30\", timeZone: Europe/Madrid, onClose: {(_random.Next(2) == 0 ? "drain" : "pause")}}}");
        }

        return string.Join('\n', lines);

        string Maybe(string name, int most) => _random.Next(2) == 0 ? $", {name}: {_random.Next(1, most + 1)}" : "";
    }
}
