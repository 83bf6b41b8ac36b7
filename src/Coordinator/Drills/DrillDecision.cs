using HostAgent.Contracts.Failback.V1;

namespace HostAgent.Coordinator.Drills;

/// <summary>What a drill does next.</summary>
internal abstract record DrillNext
{
    /// <summary>One step.</summary>
    internal sealed record Make(DrillStepKind Kind) : DrillNext
    {
        /// <summary>The network adapter that is connected; empty for every other kind.</summary>
        public string Adapter { get; init; } = "";
    }

    /// <summary>Look again later.</summary>
    /// <param name="Why">What is waited for.</param>
    internal sealed record Wait(string Why) : DrillNext;

    /// <summary>There is a verdict: what was made is removed from now on.</summary>
    internal sealed record Judge(DrillVerdict Verdict, string Why) : DrillNext;

    /// <summary>Everything is removed.</summary>
    internal sealed record End : DrillNext;
}

/// <summary>What a host showed of a drill's machines.</summary>
/// <param name="Replica">The replica.</param>
/// <param name="Test">The test machine; null when none is known.</param>
internal sealed record DrillFacts(MachineFacts Replica, MachineFacts? Test)
{
    /// <summary>The switch that the drill is to be on, as the host describes it; null when the drill is on none.</summary>
    public HostSwitch? Switch => Replica.VirtualSwitch;

    public bool IsBelieved => Replica.Believed && Test?.Believed != false;

    public bool IsBusy => Busy(Replica) || (Test is { } test && Busy(test));

    public bool TestIsGone(Guid test) => Test is { Present: false } && !Replica.TestMachineIds.Contains(test.ToString("D"), StringComparer.OrdinalIgnoreCase);

    private static bool Busy(MachineFacts facts) => facts.Jobs.Count > 0 || facts.VirtualMachine?.LiveOperationId.Length > 0;
}

/// <summary>The rules of a drill, decided from what the host shows. Nothing is made twice, and only what the drill has made is removed.</summary>
internal static class DrillDecision
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(30);

    /// <summary>Decides.</summary>
    /// <param name="drill">The drill; no step is in hand.</param>
    /// <param name="facts">What the host showed; null when it does not answer.</param>
    /// <param name="now">The time.</param>
    public static DrillNext Next(DrillRun drill, DrillFacts? facts, DateTimeOffset now)
    {
        // Without a test machine there is nothing to remove, whether the host answers or not.
        if (drill is { Verdict: not null, TestMachine: null })
        {
            return new DrillNext.End();
        }

        return facts switch
        {
            null => Waiting(drill, $"{drill.Host} does not answer.", now),
            { IsBelieved: false } => Waiting(drill, $"{drill.Host} has just been started: what it does not show yet is not known to be missing.", now),
            { IsBusy: true } => Waiting(drill, $"A job runs on the machine at {drill.Host}.", now),
            // A test failover that has failed may have made one all the same: then that is removed.
            _ when drill.TestMachine is { } test => WithTestMachine(drill, test, facts, now),
            _ => Before(drill, facts),
        };
    }

    private static DrillNext Before(DrillRun drill, DrillFacts facts)
    {
        var (machine, others) = (facts.Replica.VirtualMachine, facts.Replica.TestMachineIds);
        return (drill.Made, machine) switch
        {
            (true, _) => Failed($"{drill.Explanation}{(others.Count > 0 ? $" {drill.Host} shows the test machine {string.Join(", ", others)}, of which it is not known who made it: look at it in Hyper-V Manager." : "")}"),
            (_, null) => Failed($"{drill.Host} does not have the machine."),
            _ when others.Count > 0 => Failed($"The machine has a test machine already ({string.Join(", ", others)}), which this drill has not made: end that test failover first."),
            (_, { ReplicationMode: not (ReplicationMode.Replica or ReplicationMode.ExtendedReplica) }) => Failed($"The machine at {drill.Host} is no replica."),
            (_, { PowerState: not PowerState.Off }) => Failed($"The replica at {drill.Host} is not off."),
            (_, { ReplicationState: not (ReplicationState.Replicating or ReplicationState.Suspended or ReplicationState.Critical) }) => Failed($"The replica at {drill.Host} is in no state that has something to test."),
            _ => NotIsolated(drill, facts.Switch) is { } why ? Failed(why) : new DrillNext.Make(DrillStepKind.TestFailover),
        };
    }

    /// <summary>Why a drill may not be on its switch; null when it may, and when it is on none. What is not proved to be isolated is not.</summary>
    /// <param name="drill">The drill.</param>
    /// <param name="shown">The switch as its host describes it.</param>
    public static string? NotIsolated(DrillRun drill, HostSwitch? shown)
        => drill.Switch is null || shown?.Kind is SwitchKind.Private or SwitchKind.Internal || (drill.AllowsExternal && shown?.Kind == SwitchKind.External) ? null
            : $"{drill.Switch} on {drill.Host} is not isolated, and the test machine would meet others there: {(shown is { Observed.Length: > 0 } ? shown.Observed : "The agent does not describe switches: update it.")}";

    private static DrillNext WithTestMachine(DrillRun drill, Guid test, DrillFacts facts, DateTimeOffset now)
    {
        if (facts.TestIsGone(test))
        {
            return drill.Verdict is null ? Failed("Somebody has removed the test machine.") : new DrillNext.End();
        }

        var power = facts.Test?.VirtualMachine?.PowerState ?? PowerState.Unspecified;
        return (drill.Verdict, power) switch
        {
            (null, _) when drill is { Started: false, Steps: [.., { Kind: DrillStepKind.TestFailover, Succeeded: false }] } => Failed(drill.Explanation),
            (null, PowerState.Off or PowerState.Running) when NotIsolated(drill, facts.Switch) is { } why => Failed(why),
            (null, PowerState.Off) when !drill.Started => NotConnected(drill, facts) is { } adapter
                ? new DrillNext.Make(DrillStepKind.ConnectNetwork) { Adapter = adapter.Id }
                : new DrillNext.Make(DrillStepKind.StartMachine),
            (null, PowerState.Off) => Failed("The test machine has not stayed up."),
            (null, PowerState.Running) => new DrillNext.Make(DrillStepKind.VerifyGuest),
            (DrillVerdict.Passed, PowerState.Running) when now - drill.VerdictTime < drill.Soak && NotIsolated(drill, facts.Switch) is null => new DrillNext.Wait(drill.Explanation),
            (not null, PowerState.Off) => new DrillNext.Make(DrillStepKind.EndTestFailover),
            (not null, PowerState.Running or PowerState.Paused or PowerState.Saved) => new DrillNext.Make(DrillStepKind.TurnOff),
            _ => Waiting(drill, "The test machine is on its way from one power state to another.", now),
        };
    }

    private static MachineAdapter? NotConnected(DrillRun drill, DrillFacts facts) => drill.Switch is not { } wanted ? null
        : facts.Test!.NetworkAdapters.FirstOrDefault(adapter => !string.Equals(adapter.VirtualSwitch, wanted, StringComparison.OrdinalIgnoreCase));

    // What was made is waited for without an end: it must be removed.
    private static DrillNext Waiting(DrillRun drill, string why, DateTimeOffset now)
        => drill.Verdict is null && now - drill.WaitingSince >= Patience ? Failed($"In {Patience.TotalMinutes:0} minutes nothing has changed: {why}") : new DrillNext.Wait(why);

    private static DrillNext.Judge Failed(string why) => new(DrillVerdict.Failed, why);
}
