using System.Globalization;
using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.Planning;
using HostAgent.Campaigns.States;
using HostAgent.Campaigns.Tests.Harness;
using HostAgent.Campaigns.Tests.Rules;

namespace HostAgent.Campaigns.Tests.Properties;

/// <summary>
/// Rule 14: a machine is one thing in the whole estate. Random estates with copies, some of whose hosts are out of reach while campaigns are
/// planned; several campaigns that run at once, fail, are retried and restarted: the hosts never see two copies of one machine taken home.
/// </summary>
public sealed class CopiesRuleTests
{
    private const int Cases = 400;

    [Fact]
    public void Rule_14_two_copies_of_a_machine_are_never_both_failed_back()
    {
        var taken = 0;
        for (var seed = 0; seed < Cases; seed++)
        {
            taken += new CopiesWorld(seed, gated: true).Live();
        }

        taken.ShouldBeGreaterThan(Cases, "the worlds must fail machines back, or they show nothing");
    }

    [Fact]
    public void Rule_14_is_noticed_when_nothing_keeps_the_copies_apart()
        => Enumerable.Range(0, Cases).Select(seed => new CopiesWorld(seed, gated: false)).Count(world => world.Breaks()).ShouldBeGreaterThan(0, "mutant: 14 the gate is left open");

    private sealed class CopiesWorld(int seed, bool gated)
    {
        private readonly Random _random = new(seed);
        private readonly MachineHolds _holds = new();
        private readonly Dictionary<(string Host, Guid Machine), bool> _home = [];
        private readonly List<(Guid Uid, string Name, CampaignMachine Machine, Queue<StartOperation> Calls)> _campaigns = [];
        private readonly List<EstateHost> _hosts = [];
        private DateTimeOffset _now = Scenario.Begin;

        public bool Breaks()
        {
            try
            {
                Live();
                return false;
            }
            catch (RuleBrokenException)
            {
                return true;
            }
        }

        public int Live()
        {
            var hosts = _random.Next(2, 5);
            var machines = _random.Next(1, 6);
            for (var host = 0; host < hosts; host++)
            {
                var name = string.Create(CultureInfo.InvariantCulture, $"h{host}");
                _hosts.Add(Estate.Host($"{name}: ") with
                {
                    VirtualMachines = [.. Enumerable.Range(0, machines).Where(_ => _random.Next(3) > 0).Select(machine => Estate.Machine(string.Create(CultureInfo.InvariantCulture, $"m{machine}")) with
                    {
                        Mode = _random.Next(3) == 0 ? ReplicaMode.ExtendedReplica : ReplicaMode.Replica,
                        LastReplication = _now.AddHours(-_random.Next(100)),
                        IsCritical = _random.Next(8) == 0,
                    })],
                });
            }

            for (var step = 0; step < 60; step++)
            {
                Step();
            }

            return _home.Count;
        }

        private void Step()
        {
            switch (_random.Next(8))
            {
                case 0 when _campaigns.Count < 4:
                    Create();
                    break;
                case 1 when _campaigns.Count > 0:
                    Restart(_random.Next(_campaigns.Count));
                    break;
                case 2 when _campaigns.Count > 0:
                    _now += TimeSpan.FromMinutes(_random.Next(1, 30));
                    _campaigns.ToList().ForEach(campaign => Take(campaign.Uid, campaign.Machine.Handle(new TimerElapsed(), _now)));
                    break;
                case 3 when _campaigns.Count > 0:
                    Send(_random.Next(_campaigns.Count), new RetryItems([], "ann", "again"));
                    break;
                default:
                    Work();
                    break;
            }
        }

        private void Create()
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"c{_campaigns.Count}");
            var target = _random.Next(3) == 0 ? $"{{host: h{_random.Next(_hosts.Count)}}}" : "{}";
            var spec = CampaignDocument.Parse($"apiVersion: failback/v1\nkind: Campaign\nmetadata: {{name: {name}}}\nspec:\n  targets: [{target}]\n  retry: {{attempts: 3, initial: 1m, failedJobs: true}}\n  tolerance: {{failures: 100%}}\n", "t").Require();

            // What is seen while planning: hosts may be out of reach, and what is home is seen only where it can be asked.
            var seen = new EstateView([.. _hosts.Select(host => _random.Next(4) == 0
                ? host with { VirtualMachines = [], UnreachableReason = "no answer" }
                : host with { VirtualMachines = [.. host.VirtualMachines.Select(machine => Seen(host.Name, machine))] })]);
            var result = CampaignPlanner.Plan(spec, seen);
            result.Plan.Items.Select(item => item.VirtualMachineId).Distinct().Count().ShouldBe(result.Plan.Items.Count);
            if (!result.IsValid)
            {
                return;
            }

            var uid = new Guid(seed, (short)_campaigns.Count, 0, new byte[8]);
            var machine = new CampaignMachine { Gate = gated ? _holds.GateOf(uid, name) : null };
            _campaigns.Add((uid, name, machine, new Queue<StartOperation>()));
            Take(uid, machine.Handle(new CreateCampaign(uid, spec, result.Plan, "document", "ann"), _now));
            Take(uid, machine.Handle(new StartCampaign(null, "ann"), _now));
        }

        private EstateVirtualMachine Seen(string host, EstateVirtualMachine machine) => machine with
        {
            IneligibleReason = _home.ContainsKey((host, machine.Id)) ? "it has been failed back" : null,
            IsHome = _home.ContainsKey((host, machine.Id)),
            WentHome = gated ? _holds.ElsewhereThan(machine.Id, host) : null,
        };

        private void Restart(int index)
        {
            var (uid, name, former, _) = _campaigns[index];
            var machine = CampaignMachine.Replay(CampaignSnapshot.Write(former.State), []);
            machine.Gate = gated ? _holds.GateOf(uid, name) : null;
            _campaigns[index] = (uid, name, machine, new Queue<StartOperation>());
            Take(uid, machine.Resume(_now));
        }

        private void Work()
        {
            var busy = _campaigns.FindIndex(campaign => campaign.Calls.Count > 0);
            if (busy < 0)
            {
                _now += TimeSpan.FromMinutes(1);
                return;
            }

            var call = _campaigns[busy].Calls.Dequeue();
            if (_home.ContainsKey((call.Host, call.VirtualMachineId)))
            {
                Send(busy, new AttemptFailed(call.Item, call.Attempt, RetryClass.RereadState, "ALREADY_FAILED_BACK", "home"));
                Send(busy, new StateRechecked(call.Item, call.Attempt, StateVerdict.FailedBack, "home"));
                return;
            }

            switch (_random.Next(6))
            {
                case 0:
                    Send(busy, new AttemptFailed(call.Item, call.Attempt, RetryClass.FailedJob, "JOB_FAILED", "failed"));
                    break;
                case 1:
                    // It did it, and nobody knows.
                    TakeHome(call);
                    Send(busy, new AttemptOutcomeUnknown(call.Item, call.Attempt, "gone"));
                    break;
                default:
                    TakeHome(call);
                    Send(busy, new AttemptSucceeded(call.Item, call.Attempt, false, "done"));
                    break;
            }
        }

        private void TakeHome(StartOperation call)
        {
            if (_home.Keys.Any(other => other.Machine == call.VirtualMachineId && other.Host != call.Host))
            {
                throw new RuleBrokenException($"seed {seed}: machine {call.VirtualMachineId} goes home from {call.Host} and went home from another host before");
            }

            _home[(call.Host, call.VirtualMachineId)] = true;
        }

        private void Send(int index, CampaignInput input) => Take(_campaigns[index].Uid, _campaigns[index].Machine.Handle(input, _now));

        private void Take(Guid uid, Outcome outcome)
        {
            var (_, name, machine, calls) = _campaigns.Find(campaign => campaign.Uid == uid);
            foreach (var campaignEvent in outcome.Events.OfType<Messages.ItemEvent>())
            {
                if (MachineHolds.ChangeOf(campaignEvent) is { } state && machine.State.FindItem(campaignEvent.Item) is { } item)
                {
                    _holds.Set(new MachineHold(uid, name, item.Planned.VirtualMachineId, item.Host.Name, state));
                }
            }

            foreach (var initiate in outcome.Effects.OfType<StartOperation>())
            {
                calls.Enqueue(initiate);
            }
        }
    }
}
