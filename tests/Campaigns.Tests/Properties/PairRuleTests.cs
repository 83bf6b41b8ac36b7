using System.Globalization;
using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.Planning;
using HostAgent.Campaigns.Spec;
using HostAgent.Campaigns.States;
using HostAgent.Campaigns.Tests.Harness;
using HostAgent.Campaigns.Tests.Rules;

namespace HostAgent.Campaigns.Tests.Properties;

/// <summary>
/// The rules over campaigns of pairs, whatever their strategy: random waves and programs around them, limits, dependencies and approvals; steps that end in any order and any way, questions with the
/// service up or down, hosts that fall silent, pauses and crashes. The checker follows the events alone; each of its rules is shown to notice a log that breaks it.
/// </summary>
public sealed class PairRuleTests
{
    private const int Cases = 400;

    /// <summary>What a campaign of pairs may be about.</summary>
    public enum Way
    {
        Home,
        Auto,
        Protect,
        Drill,
    }

    [Theory]
    [InlineData(Way.Home)]
    [InlineData(Way.Auto)]
    [InlineData(Way.Protect)]
    [InlineData(Way.Drill)]
    public void Rules_2_3_4_5_13_and_15_hold_for_pairs_and_every_campaign_can_be_ended(Way way)
    {
        for (var seed = 0; seed < Cases; seed++)
        {
            new PairWorld(seed, way).Run(campaignEvent => campaignEvent);
        }
    }

    [Theory]
    [InlineData("5", "an approval of the way back is missing in the log", Way.Drill)]
    [InlineData("13", "the end of a step is missing in the log", Way.Drill)]
    [InlineData("4", "a success is missing in the log", Way.Auto)]
    [InlineData("5", "the start of a wave is missing in the log", Way.Protect)]
    [InlineData("2", "a machine that is held keeps its slot in the log", Way.Home)]
    [InlineData("4", "a success is missing in the log", Way.Home)]
    [InlineData("5", "an approval is missing in the log", Way.Home)]
    [InlineData("left out", "the second approval of a wave is missing in the log", Way.Home)]
    [InlineData("left out", "the second approval of a wave is missing in the log", Way.Drill)]
    [InlineData("13", "the end of a first step is missing in the log", Way.Home)]
    [InlineData("together", "an answer is missing in the log", Way.Home)]
    [InlineData("programs", "the end of a program is missing in the log", Way.Home)]
    [InlineData("programs", "the end of a program is missing in the log", Way.Drill)]
    public void Rule_is_noticed_when_it_is_broken(string rule, string mutant, Way way)
    {
        var noticed = new List<string>();
        for (var seed = 0; seed < Cases && !noticed.Exists(message => message.StartsWith($"Rule {rule}:", StringComparison.Ordinal)); seed++)
        {
            var approved = new HashSet<(int, bool)>();
            try
            {
                new PairWorld(seed, way).Run(campaignEvent => (rule, campaignEvent) switch
                {
                    ("left out", WaveOutagesApproved again) when !approved.Add((again.Wave, again.WayBack)) => null,
                    ("5", WaveOutagesApproved { WayBack: false }) when way == Way.Drill => campaignEvent,
                    ("5", WaveStarted) when way == Way.Protect => null,
                    ("2", ItemAsks { KeepsSlot: false }) or ("4", ItemSucceeded) or ("5", WaveOutagesApproved) or ("13", ItemStepDone) or ("together", ItemAnswered)
                        or ("programs", WaveProgramEnded or WaveProgramSkipped) => null,
                    _ => campaignEvent,
                });
            }
            catch (RuleBrokenException broken)
            {
                noticed.Add(broken.Message);
            }
        }

        noticed.ShouldContain(message => message.StartsWith($"Rule {rule}:", StringComparison.Ordinal), $"mutant: {rule} {mutant}; noticed {string.Join("; ", noticed.Take(3))}");
    }

    /// <summary>One random campaign, driven to its end.</summary>
    private sealed class PairWorld
    {
        private const int Turns = 150;

        private readonly Random _random;
        private readonly Scenario _scenario;
        private readonly bool _automatic;
        private readonly Way _way;
        private int _read;

        public PairWorld(int seed, Way way)
        {
            _random = new Random(seed);
            _way = way;
            _automatic = _random.Next(4) == 0 || way == Way.Protect;
            var recovery = Enumerable.Range(0, _random.Next(1, 4)).Select(host => Estate.Host(string.Create(
                CultureInfo.InvariantCulture, $"h{host}: {string.Join(' ', Enumerable.Range(0, _random.Next(1, 5)).Select(machine => string.Create(CultureInfo.InvariantCulture, $"m{host}-{machine}")))}"), site: way == Way.Drill ? "east" : "west")).ToList();
            if (way == Way.Auto)
            {
                recovery = recovery.ConvertAll(host => host with { VirtualMachines = [.. host.VirtualMachines.Select(machine => machine with { IsExternal = _random.Next(2) == 0 })] });
            }

            var homes = Enumerable.Range(0, _random.Next(1, 3)).Select(home => new List<EstateVirtualMachine>()).ToList();
            foreach (var machine in recovery.SelectMany(host => host.VirtualMachines))
            {
                homes[_random.Next(homes.Count)].Add(machine with { Mode = way == Way.Drill ? ReplicaMode.Replica : machine.Mode, IneligibleReason = "production does not run here" });
            }

            var estate = new EstateView(
            [
                .. recovery,
                .. homes.Select((machines, index) => new EstateHost { Name = string.Create(CultureInfo.InvariantCulture, $"home{index}"), Site = way == Way.Drill ? "west" : "east", PrimarySite = way == Way.Drill ? "east" : "", VirtualMachines = machines }),
            ]);
            var limits = new Dictionary<string, int>(StringComparer.Ordinal);
            foreach (var limit in (string[])["campaign", "host", "site", "link", "switch"])
            {
                if (_random.Next(2) == 0 && !(limit == "switch" && way == Way.Protect))
                {
                    limits[limit] = _random.Next(1, 4);
                }
            }

            var lines = new List<string>
            {
                $"strategy: {{{way switch { Way.Auto => "name: auto", Way.Protect => "name: host-to-host, goal: protect", Way.Drill => "name: planned-drill, soak: 0s", _ => "name: host-to-host" }}, outage: {(_automatic ? "automatic" : "{approval: {by: [ann]}}")}}}",
                "tolerance: {failures: 100%}",
                "retry: {attempts: 3, initial: 1s, max: 2s}",
            };
            if (_random.Next(2) == 0)
            {
                var once = _random.Next(2) == 0 && way != Way.Protect ? ", once: {beforeOutages: freeze.sh, afterEnd: thaw.sh}" : "";
                lines.Add($"waves: [{{name: first, take: 40%{once}}}, {{name: rest{(_random.Next(2) == 0 ? once : "")}}}]");
            }

            if (_random.Next(2) == 0)
            {
                lines.Add("dependencies: [{item: {vm: 'm*-1'}, after: {vm: 'm*-0'}}]");
            }

            // Sets across waves, or larger than a limit, are no plan; nor are those of a drill whose machines wait for each other.
            if (_random.Next(3) == 0 && way is Way.Home or Way.Drill && !lines.Exists(line => line.StartsWith("waves", StringComparison.Ordinal)) && !limits.ContainsKey("campaign") && !limits.ContainsKey("switch")
                && !(way == Way.Drill && lines.Exists(line => line.StartsWith("dependencies", StringComparison.Ordinal))))
            {
                lines.Add("together: [{vm: 'm*-0'}, {vm: 'm0-*'}]");
            }

            if (limits.Count > 0)
            {
                lines.Add($"limits: {{{string.Join(", ", limits.Select(limit => string.Create(CultureInfo.InvariantCulture, $"{limit.Key}: {limit.Value}")))}}}");
            }

            _scenario = Scenario.Planned(string.Join('\n', lines), estate);
            var spec = _scenario.State.Spec!;
            Checker = new Checker(
                _scenario,
                limits,
                LimitPeaks.Of(spec, [.. _scenario.State.Items.Select(item => item.Planned)]).ToDictionary(peak => (peak.Limit, peak.Key), peak => peak.Peak),
                _automatic,
                [.. _scenario.State.Sets.Select(set => set.Planned.Items)]);
        }

        private Checker Checker { get; }

        public void Run(Func<CampaignEvent, CampaignEvent?> seen)
        {
            _read = _scenario.Log.Count;
            Do(new StartCampaign(null, "ann"), seen);
            for (var turn = 0; turn < Turns; turn++)
            {
                Step(seen);
            }

            // A person decides everything, and every step succeeds: then it ends.
            Do(new ResumeCampaign("ann", ""), seen);
            for (var turn = 0; turn < 80 * _scenario.State.Items.Count && !_scenario.State.Status.IsTerminal(); turn++)
            {
                ApproveAll(seen);
                Report(seen, succeeded: true);
                if (Pick(item => item.IsInFlight || item.Status == ItemStatus.Held) is { } item)
                {
                    Do(item.Status == ItemStatus.Held && !item.IsInFlight ? new AttemptRunning(item.Id, item.Attempt) : new AttemptSucceeded(item.Id, item.Attempt, false, ""), seen);
                }
                else
                {
                    _scenario.Now += TimeSpan.FromSeconds(10);
                    Do(new TimerElapsed(), seen);
                }
            }

            if (!_scenario.State.Status.IsTerminal())
            {
                throw new RuleBrokenException($"Liveness: it does not end: {string.Join("; ", _scenario.State.Items.Where(item => !item.Status.IsTerminal()).Select(item => $"{item.Planned.VirtualMachineName} {item.Status}, {WhyNot.Of(_scenario.State, item, _scenario.Now)}"))}; {_scenario.State.Document}");
            }
        }

        // Also of one whose coordinator was gone: whoever ran it may still tell.
        private void Report(Func<CampaignEvent, CampaignEvent?> seen, bool succeeded)
        {
            foreach (var wave in _scenario.State.Waves)
            {
                foreach (var (moment, program) in (ReadOnlySpan<(WaveMoment, WaveProgram?)>)[(WaveMoment.BeforeOutages, wave.Before), (WaveMoment.AfterEnd, wave.After)])
                {
                    if (program is { Status: ProgramStatus.Running or ProgramStatus.Unknown })
                    {
                        Do(new WaveProgramReported(wave.Index, moment, program.Run, succeeded, "It says so."), seen);
                    }
                }
            }
        }

        private void Step(Func<CampaignEvent, CampaignEvent?> seen)
        {
            var flying = Pick(item => item.IsInFlight);
            switch (_random.Next(16))
            {
                case 14:
                    Report(seen, succeeded: _random.Next(3) > 0);
                    break;
                case 15:
                    Do(new RetryItems([], "ann", ""), seen);
                    break;
                case 0 when !_automatic:
                    ApproveAll(seen);
                    break;
                case 1:
                    Do(_random.Next(2) == 0 ? new PauseCampaign("ann", "") : new ResumeCampaign("ann", ""), seen);
                    break;
                case 2:
                    var host = _scenario.State.Hosts[_random.Next(_scenario.State.Hosts.Count)].Name;
                    Do(_random.Next(2) == 0 ? new HostUnreachable(host, "no answer") : new HostReachable(host), seen);
                    break;
                case 3:
                    _scenario.Now += TimeSpan.FromMinutes(_random.Next(30));
                    Do(new TimerElapsed(), seen);
                    break;
                case 4:
                    _scenario.Crash();
                    Read(seen);
                    break;
                case 5 when flying is { GoesHostToHost: true }:
                    Do(new AttemptAsks(flying.Id, flying.Attempt, "WHICH_SIDE", "Which?", ServiceIsDown: flying.StepKind == StepKind.SwitchOver && _random.Next(2) == 0), seen);
                    break;
                case 6 when Pick(item => item.Status == ItemStatus.Held) is { } held:
                    Do(_random.Next(5) switch
                    {
                        0 => new AttemptCancelled(held.Id, held.Attempt, "Rolled back."),
                        1 => new AttemptFailed(held.Id, held.Attempt, RetryClass.Never, "HANDED_OVER", "By hand."),
                        _ => new AttemptRunning(held.Id, held.Attempt),
                    }, seen);
                    break;
                case 7 when flying is not null:
                    Do(new AttemptFailed(flying.Id, flying.Attempt, _random.Next(3) == 0 ? RetryClass.Never : RetryClass.BackOff, "MACHINE_HELD", "It is held."), seen);
                    break;
                case 8 or 9 when flying is not null:
                    Do(_random.Next(2) == 0 ? new AttemptQueued(flying.Id, flying.Attempt) : new AttemptRunning(flying.Id, flying.Attempt), seen);
                    break;
                case 10 when Pick(item => item.Status == ItemStatus.Failed) is { } failed:
                    Do(new RetryItems([failed.Id], "ann", ""), seen);
                    break;
                default:
                    if (flying is not null)
                    {
                        Do(new AttemptSucceeded(flying.Id, flying.Attempt, false, ""), seen);
                    }

                    break;
            }
        }

        private void ApproveAll(Func<CampaignEvent, CampaignEvent?> seen)
        {
            foreach (var wave in _scenario.State.Waves.Where(wave => wave.Status == WaveStatus.Running).ToList())
            {
                Do(new ApproveWave(wave.Spec.Name, "ann", ""), seen);
                if (_way == Way.Drill)
                {
                    Do(new ApproveWave(wave.Spec.Name, "ann", "") { WayBack = true }, seen);
                }
            }
        }

        private CampaignItem? Pick(Func<CampaignItem, bool> which)
            => _scenario.State.Items.Where(which).ToList() is { Count: > 0 } some ? some[_random.Next(some.Count)] : null;

        private void Do(CampaignInput input, Func<CampaignEvent, CampaignEvent?> seen)
        {
            _scenario.Send(input);
            Read(seen);
        }

        private void Read(Func<CampaignEvent, CampaignEvent?> seen)
        {
            for (; _read < _scenario.Log.Count; _read++)
            {
                if (seen(CampaignEventCodec.Read(_scenario.Log[_read])) is { } campaignEvent)
                {
                    Checker.Take(campaignEvent);
                }
            }

            foreach (var item in _scenario.State.Items)
            {
                var wait = WhyNot.Of(_scenario.State, item, _scenario.Now);
                if (wait is null != (item.Status.IsTerminal() || (item.IsInFlight && item.Status != ItemStatus.Held)) || wait is { Code: "NEXT" })
                {
                    throw new RuleBrokenException($"Rule 15: {item.Planned.VirtualMachineName} is {item.Status}, and the reason is {wait}.");
                }
            }

            if (_scenario.State.Failures > _scenario.State.Items.Count(item => item.Status is ItemStatus.Failed or ItemStatus.UnknownOutcome or ItemStatus.Queued or ItemStatus.Starting))
            {
                throw new RuleBrokenException("Rule 3: a machine that is held, or rests, counts as a failure.");
            }
        }
    }

    /// <summary>What the events alone say.</summary>
    private sealed class Checker(Scenario scenario, Dictionary<string, int> limits, Dictionary<(string Limit, string Key), int> peaks, bool automatic, IReadOnlyList<IReadOnlyList<int>> together)
    {
        private readonly Dictionary<string, int> _step = [];
        private readonly HashSet<string> _flying = [];
        private readonly HashSet<string> _asking = [];
        private readonly HashSet<string> _failed = [];
        private readonly HashSet<string> _succeeded = [];
        private readonly HashSet<int> _running = [];
        private readonly HashSet<(int Wave, bool WayBack)> _approved = [];
        private readonly HashSet<(string Item, bool WayBack)> _approvedItems = [];
        private readonly HashSet<string> _held = [];
        private readonly HashSet<string> _ended = [];
        private readonly Dictionary<(int Wave, WaveMoment Moment), bool> _programs = [];
        private readonly HashSet<(int Wave, WaveMoment Moment)> _ranPrograms = [];

        public void Take(CampaignEvent campaignEvent)
        {
            // Held, whether or not it keeps its slot, and ended without success, in the words of the log.
            switch (campaignEvent)
            {
                case ItemAsks asks:
                    _held.Add(asks.Item);
                    break;
                case ItemSkipped or ItemFailed or ItemCancelled or ItemOutcomeUnknown:
                    _held.Remove(((ItemEvent)campaignEvent).Item);
                    _ended.Add(((ItemEvent)campaignEvent).Item);
                    break;
                case ItemRetryRequested retried:
                    _ended.Remove(retried.Item);
                    break;
                case ItemAnswered or ItemRunning or ItemAccepted or ItemStarting or ItemStepDone or ItemSucceeded or ItemRetryScheduled:
                    _held.Remove(((ItemEvent)campaignEvent).Item);
                    break;
                default:
                    break;
            }

            switch (campaignEvent)
            {
                case WaveStarted started:
                    _running.Add(started.Wave);
                    break;
                case WaveDone or WaveReachedGate or WaveReopened:
                    var wave = campaignEvent switch { WaveDone done => done.Wave, WaveReachedGate reached => reached.Wave, WaveReopened reopened => reopened.Wave, _ => -1 };
                    _running.Remove(wave);
                    if (campaignEvent is WaveReopened)
                    {
                        _running.Add(wave);
                        _approved.RemoveWhere(approval => approval.Wave == wave);
                        _approvedItems.RemoveWhere(approval => scenario.State.FindItem(approval.Item)!.Wave.Index == wave);
                        _programs.Remove((wave, WaveMoment.BeforeOutages));
                        _programs.Remove((wave, WaveMoment.AfterEnd));
                    }
                    else if (scenario.State.Waves[wave].Spec.Once is not null && _programs.ContainsKey((wave, WaveMoment.BeforeOutages)) && !_programs.GetValueOrDefault((wave, WaveMoment.AfterEnd)))
                    {
                        throw new RuleBrokenException($"Rule programs: wave {wave} is done before its program after its end is.");
                    }

                    break;
                case WaveOutagesApproved approved:
                    _approved.Add((approved.Wave, approved.WayBack));
                    _approvedItems.UnionWith(scenario.State.Items.Where(item => item.Wave.Index == approved.Wave && !_held.Contains(item.Id) && !_ended.Contains(item.Id)).Select(item => (item.Id, approved.WayBack)));
                    break;
                case WaveProgramBegun begun:
                    Begin(begun);
                    break;
                case WaveProgramEnded ended:
                    _programs[(ended.Wave, ended.Moment)] = ended.Status == ProgramStatus.Succeeded;
                    _ranPrograms.Remove((ended.Wave, ended.Moment));
                    Settle(ended.Wave, ended.Moment);
                    break;
                case WaveProgramSkipped skipped:
                    _programs[(skipped.Wave, skipped.Moment)] = true;
                    Settle(skipped.Wave, skipped.Moment);
                    break;
                case ItemStarting starting:
                    Start(starting.Item);
                    break;
                case ItemStepDone done:
                    _step[done.Item] = done.Step + 1;
                    _flying.Remove(done.Item);
                    break;
                case ItemAsks { KeepsSlot: false } asks:
                    _flying.Remove(asks.Item);
                    _asking.Add(asks.Item);
                    break;
                case ItemAnswered answered:
                    _asking.Remove(answered.Item);
                    break;
                case ItemRetryRequested requested:
                    _failed.Remove(requested.Item);
                    break;
                case ItemSucceeded succeeded:
                    _succeeded.Add(succeeded.Item);
                    _flying.Remove(succeeded.Item);
                    if (_step.GetValueOrDefault(succeeded.Item) != Planned(succeeded.Item).StepCount - 1)
                    {
                        throw new RuleBrokenException($"Rule 13: {succeeded.Item} has ended well without its other steps.");
                    }

                    break;
                case ItemFailed or ItemCancelled or ItemRetryScheduled or ItemSkipped or ItemOutcomeUnknown:
                    _flying.Remove(((ItemEvent)campaignEvent).Item);
                    _asking.Remove(((ItemEvent)campaignEvent).Item);
                    if (campaignEvent is not (ItemRetryScheduled or ItemSkipped { Actor: not null }))
                    {
                        _failed.Add(((ItemEvent)campaignEvent).Item);
                    }

                    break;
                default:
                    break;
            }

            Count();
        }

        // Machines that were retried before the program after the end was settled go down once more.
        private void Settle(int wave, WaveMoment moment)
        {
            if (moment == WaveMoment.AfterEnd && _programs[(wave, moment)] && scenario.State.Waves[wave] is { Counts: var counts } && counts.Terminal < counts.Total)
            {
                _programs.Remove((wave, WaveMoment.BeforeOutages));
                _programs.Remove((wave, WaveMoment.AfterEnd));
            }
        }

        private void Begin(WaveProgramBegun begun)
        {
            var program = (begun.Wave, begun.Moment);
            if (!_ranPrograms.Add(program) || _programs.GetValueOrDefault(program) || (_programs.ContainsKey(program) && begun.Actor == "coordinator"))
            {
                throw new RuleBrokenException($"Rule programs: the program {begun.Moment} of wave {begun.Wave} is run once more, and no person has asked for it after its end.");
            }

            _programs[program] = false;
        }

        private void Start(string id)
        {
            var item = scenario.State.FindItem(id)!;
            if (!_flying.Add(id))
            {
                throw new RuleBrokenException($"{(_step.GetValueOrDefault(id) == 0 && limits.Count > 0 ? "Rule 2" : "Rule 13")}: two steps of {item.Planned.VirtualMachineName} are in flight.");
            }

            var kind = KindOf(id);
            if (kind == StepKind.Synchronize)
            {
                return;
            }

            var isWayBack = _step.GetValueOrDefault(id) > 1;
            if (!isWayBack && together.Where(set => set.Contains(item.Index)).SelectMany(set => set).Select(index => scenario.State.Items[index]).FirstOrDefault(other => !IsThere(other)) is { } missing && !item.DependenciesLifted)
            {
                throw new RuleBrokenException($"Rule together: the service of {item.Planned.VirtualMachineName} goes down, and {missing.Planned.VirtualMachineName}, which goes down with it, is {missing.Status} and not in step.");
            }

            if (!_running.Contains(item.Wave.Index) || !(automatic || kind != StepKind.SwitchOver || _approved.Contains((item.Wave.Index, isWayBack))))
            {
                throw new RuleBrokenException($"Rule 5: the service of {item.Planned.VirtualMachineName} goes down before its wave runs and its outages are approved.");
            }

            if (!automatic && kind == StepKind.SwitchOver && !_approvedItems.Contains((id, isWayBack)))
            {
                throw new RuleBrokenException($"Rule left out: the service of {item.Planned.VirtualMachineName} goes down, which was held or had ended when the outages of its wave were approved.");
            }

            if (isWayBack)
            {
                return;
            }

            if (item.Wave.Spec.Once is not null && kind == StepKind.SwitchOver && !_programs.GetValueOrDefault((item.Wave.Index, WaveMoment.BeforeOutages)))
            {
                throw new RuleBrokenException($"Rule programs: the service of {item.Planned.VirtualMachineName} goes down before the program of its wave is good.");
            }

            if (item.Planned.Dependencies.SelectMany(position => scenario.State.Dependencies[position].Planned.After).Any(index => !_succeeded.Contains(scenario.State.Items[index].Id)) && !item.DependenciesLifted)
            {
                throw new RuleBrokenException($"Rule 4: the service of {item.Planned.VirtualMachineName} goes down before what it waits for is home.");
            }
        }

        // What the state says of the others is as old as the last input; the events in between are counted here.
        private bool IsThere(CampaignItem item) => _step.GetValueOrDefault(item.Id) > 1 || (_step.GetValueOrDefault(item.Id) == 1 && (!_asking.Contains(item.Id) || _flying.Contains(item.Id)) && !_failed.Contains(item.Id));

        private PlannedItem Planned(string id) => scenario.State.FindItem(id)!.Planned;

        private StepKind KindOf(string id) => Planned(id).StepAt(_step.GetValueOrDefault(id)).Kind;

        private void Count()
        {
            var flying = _flying.Select(id => scenario.State.FindItem(id)!.Planned).ToList();
            Must("campaign", flying.Count, [string.Empty]);
            Must("switch", _flying.Count(id => KindOf(id) == StepKind.SwitchOver), []);
            Each("host", item => [item.StepAt(0).Host, item.StepAt(Last(item)).Host]);
            Each("site", item => [item.StepAt(0).Site, item.StepAt(Last(item)).Site]);
            Each("link", item => [$"{item.StepAt(0).Site} → {item.StepAt(0).PrimarySite}"]);

            static int Last(PlannedItem item) => Math.Min(1, item.StepCount - 1);

            void Each(string limit, Func<PlannedItem, string[]> places)
            {
                foreach (var place in flying.SelectMany(item => places(item).Distinct(StringComparer.Ordinal)).GroupBy(place => place, StringComparer.Ordinal))
                {
                    Must(limit, place.Count(), [place.Key]);
                }
            }

            void Must(string limit, int count, string[] place)
            {
                if (place is [var key] && peaks.TryGetValue((limit, key), out var peak) && count > peak)
                {
                    throw new RuleBrokenException(string.Create(CultureInfo.InvariantCulture, $"Rule 2: {count} in flight of {limit} {key}; the plan says that {peak} is the peak."));
                }

                if (limits.TryGetValue(limit, out var most) && count > most)
                {
                    throw new RuleBrokenException(string.Create(CultureInfo.InvariantCulture, $"Rule 2: {count} in flight of one {limit}; {most} are allowed."));
                }
            }
        }
    }
}
