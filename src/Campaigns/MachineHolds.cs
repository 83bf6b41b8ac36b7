using System.Runtime.InteropServices;
using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.Planning;

namespace HostAgent.Campaigns;

/// <summary>How a campaign holds a machine.</summary>
public enum HoldState
{
    /// <summary>Not held: the attempt ended without failing back the machine.</summary>
    Released,

    /// <summary>An attempt is in flight.</summary>
    InFlight,

    /// <summary>The machine has been failed back.</summary>
    Home,

    /// <summary>The outcome of the attempt is unknown.</summary>
    Unknown,
}

/// <summary>One campaign's hold on one machine.</summary>
/// <param name="Campaign">The campaign's uid.</param>
/// <param name="CampaignName">Its resource name, for messages.</param>
/// <param name="Machine">The machine's GUID.</param>
/// <param name="Host">The host whose copy is failed back.</param>
/// <param name="State">The state of the hold.</param>
public sealed record MachineHold(Guid Campaign, string CampaignName, Guid Machine, string Host, HoldState State)
{
    /// <summary>Whether it is for a test, which moves no machine: it ends with the test.</summary>
    public bool IsTest { get; init; }

    /// <summary>A campaign's hold on the machine of an item.</summary>
    /// <param name="campaign">The campaign's uid.</param>
    /// <param name="name">Its resource name.</param>
    /// <param name="item">The item.</param>
    /// <param name="state">The state of the hold, were it no test and no drill.</param>
    /// <returns>The hold.</returns>
    public static MachineHold Of(Guid campaign, string name, PlannedItem item, HoldState state)
    {
        ArgumentNullException.ThrowIfNull(item);
        var isTest = item.StepAt(0).Kind == StepKind.TestFailover;
        // A drill that has come back, and a machine that was protected where it is, have moved nothing.
        var isOver = isTest ? state != HoldState.InFlight : state == HoldState.Home && (item.ComesBack || item.StepAt(item.StepCount - 1).Kind == StepKind.Protect);
        return new MachineHold(campaign, name, item.VirtualMachineId, item.Host, isOver ? HoldState.Released : state) { IsTest = isTest };
    }
}

/// <summary>
/// Which machines the campaigns of one coordinator hold, and from which host. A machine (its GUID) exists once in the estate: while one
/// copy of it is in flight, failed back or of unknown outcome, no campaign starts another copy. Thread-safe.
/// </summary>
public sealed class MachineHolds
{
    /// <summary>The check that a machine is not moved while it is tested.</summary>
    public const string TestCheck = "MACHINE_IS_FREE";

    private readonly Lock _lock = new();
    private readonly Dictionary<Guid, List<MachineHold>> _byMachine = [];
    private readonly Dictionary<Guid, HashSet<Guid>> _machinesOf = [];

    /// <summary>The effect of an event on the hold on its item's machine.</summary>
    /// <param name="campaignEvent">The event.</param>
    /// <returns>Null when the event does not change the hold.</returns>
    public static HoldState? ChangeOf(CampaignEvent campaignEvent) => campaignEvent switch
    {
        ItemStarting => HoldState.InFlight,
        ItemSucceeded => HoldState.Home,
        ItemOutcomeUnknown => HoldState.Unknown,
        ItemFailed or ItemCancelled or ItemRetryScheduled => HoldState.Released,
        ItemResolved resolved => resolved.Succeeded ? HoldState.Home : HoldState.Released,
        _ => null,
    };

    /// <summary>Replaces everything that a campaign holds.</summary>
    /// <param name="campaign">The campaign.</param>
    /// <param name="holds">Its holds.</param>
    public void Restore(Guid campaign, IEnumerable<MachineHold> holds)
    {
        ArgumentNullException.ThrowIfNull(holds);
        lock (_lock)
        {
            foreach (var machine in _machinesOf.GetValueOrDefault(campaign)?.ToList() ?? [])
            {
                ReleaseLocked(campaign, machine);
            }

            foreach (var hold in holds)
            {
                SetLocked(hold);
            }
        }
    }

    /// <summary>Applies a durable change.</summary>
    /// <param name="hold">The new hold.</param>
    public void Set(MachineHold hold)
    {
        ArgumentNullException.ThrowIfNull(hold);
        lock (_lock)
        {
            SetLocked(hold);
        }
    }

    /// <summary>Another copy of a machine, as known from campaigns rather than from its host.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="host">The host of the copy in question.</param>
    /// <returns>Another copy that is in flight, failed back or of unknown outcome; null when there is none.</returns>
    public FormerFailback? ElsewhereThan(Guid machine, string host)
    {
        lock (_lock)
        {
            return OtherLocked(machine, host) is { } hold ? new FormerFailback(hold.Host, hold.CampaignName, Describe(hold), hold.State == HoldState.Home) : null;
        }
    }

    /// <summary>Who else holds a machine, on whichever host.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="campaign">The uid of the campaign that asks.</param>
    /// <returns>Another one that has it in flight or does not know how it ended; null when there is none.</returns>
    public FormerFailback? HeldByOther(Guid machine, Guid campaign)
    {
        lock (_lock)
        {
            return _byMachine.GetValueOrDefault(machine)?.Find(hold => hold.Campaign != campaign && hold.State != HoldState.Home) is { } hold
                ? new FormerFailback(hold.Host, hold.CampaignName, Describe(hold), IsHome: false)
                : null;
        }
    }

    /// <summary>The gate for a campaign's items.</summary>
    /// <param name="campaign">The campaign's uid.</param>
    /// <param name="name">Its resource name.</param>
    /// <returns>The gate.</returns>
    public IMachineGate GateOf(Guid campaign, string name) => new Gate(this, campaign, name);

    private static string Describe(MachineHold hold) => hold.State switch
    {
        _ when hold.IsTest => $"is being tested by {hold.CampaignName}",
        HoldState.InFlight => $"is being failed back by {hold.CampaignName}",
        HoldState.Home => $"was failed back by {hold.CampaignName}",
        _ => $"may have been failed back by {hold.CampaignName}: its outcome is not known",
    };

    private MachineHold? OtherLocked(Guid machine, string host)
        => _byMachine.GetValueOrDefault(machine)?.Find(hold => !hold.IsTest && !string.Equals(hold.Host, host, StringComparison.OrdinalIgnoreCase));

    // Any other owner's hold on any host: a machine under test is not moved, and one that is being moved is not tested.
    private MachineHold? InTheWayOfTestLocked(Guid machine, Guid campaign, bool isTest)
        => _byMachine.GetValueOrDefault(machine)?.Find(hold => hold.Campaign != campaign && hold.State != HoldState.Home && (isTest || hold.IsTest));

    private void SetLocked(MachineHold hold)
    {
        ReleaseLocked(hold.Campaign, hold.Machine);
        if (hold.State == HoldState.Released)
        {
            return;
        }

        (CollectionsMarshal.GetValueRefOrAddDefault(_byMachine, hold.Machine, out _) ??= []).Add(hold);
        (CollectionsMarshal.GetValueRefOrAddDefault(_machinesOf, hold.Campaign, out _) ??= []).Add(hold.Machine);
    }

    private void ReleaseLocked(Guid campaign, Guid machine)
    {
        if (_byMachine.TryGetValue(machine, out var held) && held.RemoveAll(hold => hold.Campaign == campaign) > 0)
        {
            _machinesOf[campaign].Remove(machine);
            if (held.Count == 0)
            {
                _byMachine.Remove(machine);
            }
        }
    }

    private sealed class Gate(MachineHolds holds, Guid campaign, string name) : IMachineGate
    {
        public MachineObstacle? Enter(PlannedItem item)
        {
            lock (holds._lock)
            {
                var own = MachineHold.Of(campaign, name, item, HoldState.InFlight);
                if (holds.InTheWayOfTestLocked(item.VirtualMachineId, campaign, own.IsTest) is { } busy)
                {
                    return new MachineObstacle($"{TestCheck}: this machine {Describe(busy)} on {busy.Host}; a machine is not tested while it is moved.", IsFinal: false);
                }

                var other = own.IsTest ? null : holds.OtherLocked(item.VirtualMachineId, item.Host);
                if (other is not null && !(other.State == HoldState.Home && other.CampaignName == item.AcceptedFormer))
                {
                    return new MachineObstacle(
                        $"{Copies.OtherCopyCheck}: the copy of this machine on {other.Host} {Describe(other)}; two copies of one machine are never both failed back.",
                        other.State == HoldState.Home);
                }

                holds.SetLocked(own);
                return null;
            }
        }
    }
}
