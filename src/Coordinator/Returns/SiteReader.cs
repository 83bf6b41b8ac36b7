using System.Collections.Concurrent;
using Google.Protobuf;
using HostAgent.Contracts.Failback.V1;
using HostAgent.Coordinator.Agents;
using HostAgent.Failover;
using HostAgent.Hosting;
using HostAgent.HyperV.Cim;
using HostAgent.Transport;
using DomainMode = HostAgent.HyperV.Replication.ReplicationMode;
using DomainState = HostAgent.HyperV.Replication.ReplicationState;
using DomainType = HostAgent.HyperV.Replication.ReplicationType;
using Facts = HostAgent.Failover.MachineFacts;
using FactsMessage = HostAgent.Contracts.Failback.V1.MachineFacts;

namespace HostAgent.Coordinator.Returns;

/// <summary>One site as it was read.</summary>
/// <param name="Facts">What the decision is made on.</param>
/// <param name="Message">What the agent sent; of an earlier read when it did not answer now, null before the first.</param>
/// <param name="Memory">What is remembered from now on.</param>
/// <param name="Began">When the read was begun, as a timestamp of this process.</param>
/// <param name="Unreachable">Why the host did not answer; null when it did.</param>
internal sealed record SiteRead(Facts Facts, FactsMessage? Message, SiteMemory Memory, long Began, string? Unreachable);

/// <summary>Both sites, read at about the same time.</summary>
/// <param name="Recovery">The recovery site.</param>
/// <param name="Home">The primary site.</param>
internal sealed record PairRead(SiteRead Recovery, SiteRead Home)
{
    /// <summary>When the earlier of the two was begun, as a timestamp of this process.</summary>
    public long Began => Math.Min(Recovery.Began, Home.Began);

    public SiteRead At(Side side) => side == Side.Recovery ? Recovery : Home;
}

/// <summary>On which host a drill has which machine.</summary>
internal sealed class LiveDrills
{
    private readonly ConcurrentDictionary<Guid, string> _hosts = new();

    public bool RunsAt(Guid machine, string host) => _hosts.TryGetValue(machine, out var at) && string.Equals(at, host, StringComparison.OrdinalIgnoreCase);

    public bool TryAdd(Guid machine, string host) => _hosts.TryAdd(machine, host);

    public void Remove(Guid machine) => _hosts.TryRemove(machine, out _);
}

/// <summary>Reads both hosts of a machine.</summary>
internal sealed class SiteReader(AgentRegistry registry, AgentClient calls, LiveDrills drills, TimeProvider time)
{
    private static readonly TimeSpan NetworkServes = TimeSpan.FromMinutes(1);

    /// <summary>Reads both sites at once.</summary>
    public async Task<PairRead> ReadAsync(ReturnState state, CancellationToken cancellationToken)
    {
        var recovery = ReadAsync(state, Side.Recovery, cancellationToken);
        var home = ReadAsync(state, Side.Home, cancellationToken);
        return new PairRead(await recovery, await home);
    }

    // What the network is at the recovery site is what it is to be at home, or what that is found by. It costs some calls more, and changes seldom.
    private bool WantsAdapters(ReturnState state, Side side, SiteMemory memory)
        => side == Side.Home
            ? state.Plan.Networks is not null && !(memory.NetworkReadyTime is { } ready && time.GetUtcNow() - ready < NetworkServes) && WaitsAsReplica(LastOf(memory))
            : !(memory.Network is { } network && time.GetUtcNow() - network.Time < NetworkServes)
            && LastOf(memory) is not { Present: true, VirtualMachine.PowerState: not PowerState.Running };

    private static bool WaitsAsReplica(FactsMessage? facts)
        => facts is { Present: true, VirtualMachine: { ReplicationMode: ReplicationMode.Replica, PowerState: PowerState.Off, ReplicationState: not (ReplicationState.Recovered or ReplicationState.Committed) } };

    private static FactsMessage? LastOf(SiteMemory memory) => memory.LastFacts is { } bytes ? FactsMessage.Parser.ParseFrom(bytes) : null;

    private async Task<SiteRead> ReadAsync(ReturnState state, Side side, CancellationToken cancellationToken)
    {
        var (began, memory, peer) = (time.GetTimestamp(), state.At(side), state.HostOf(side == Side.Recovery ? Side.Home : Side.Recovery));
        try
        {
            if (!registry.TryFind(state.HostOf(side), out var connection))
            {
                return Silent(memory, began, $"host {state.HostOf(side)} is not in the inventory any more");
            }

            var request = new GetMachineFactsRequest { VirtualMachineId = state.Machine.ToString("D").ToUpperInvariant(), IncludeAdapters = WantsAdapters(state, side, memory) };
            var message = await calls.CallAsync(connection, options => connection.Operations.GetMachineFactsAsync(request, options).ResponseAsync, cancellationToken);
            if (message.Present && (message.VirtualMachine is null || !Guid.TryParse(message.VirtualMachine.Id, out var id) || id != state.Machine))
            {
                throw AgentAnswers.Invalid(connection.Host.Name, "its facts are not of the machine that was asked for");
            }

            var runs = message.Present ? memory.Runs.Seen(PowerOf(message.VirtualMachine.PowerState), message.PowerSince?.ToDateTimeOffset()) : memory.Runs;
            var facts = Of(message, runs, partner => IsThird(partner, state.HostOf(side), peer));
            if (facts.Job is { Operation: { } operation } && !state.Made(operation))
            {
                facts = facts with { Job = facts.Job with { Operation = null } };
            }

            var networkReadyTime = memory.NetworkReadyTime;
            if (side == Side.Home && request.IncludeAdapters && WaitsAsReplica(message))
            {
                networkReadyTime = HomeNetwork.Of(state).Next(message.NetworkAdapters) is null ? time.GetUtcNow() : null;
                facts = facts with { NetworkReady = networkReadyTime is not null };
            }

            var remembered = new SiteMemory
            {
                Runs = runs,
                LastFacts = message.ToByteArray(),
                HadNone = memory.HadNone || message is { Believed: true, Present: false },
                Network = request.IncludeAdapters && facts.Power == Power.Running ? SeenNetwork.After(memory.Network, message.NetworkAdapters, time.GetUtcNow()) : memory.Network,
                NetworkReadyTime = networkReadyTime,
            };
            return new SiteRead(
                // A drill of ours ends by itself, and removes what it has made.
                drills.RunsAt(state.Machine, state.HostOf(side)) ? facts with { Job = new JobFacts(0, Ours: true), TestMachine = TestMachine.None } : facts, message, remembered, began, Unreachable: null);
        }
        catch (RpcFailure failure)
        {
            return Silent(memory, began, failure.Message);
        }
    }

    /// <summary>What an agent's message means for the decision.</summary>
    /// <param name="message">The message.</param>
    /// <param name="runs">When the machine last started and stopped.</param>
    /// <param name="names">Whether the partner that the machine names is a third host.</param>
    public static Facts Of(FactsMessage message, RunHistory runs, Func<string, bool> names)
    {
        if (!message.Present)
        {
            return new Facts { Believed = message.Believed, Presence = Presence.Absent };
        }

        var machine = message.VirtualMachine;
        var mode = EnumNames.Back<DomainMode, ReplicationMode>(machine.ReplicationMode) ?? DomainMode.None;
        var partner = mode == DomainMode.Primary ? machine.RecoveryHost : machine.PrimaryHost;
        return new Facts
        {
            Believed = message.Believed,
            Mode = mode,
            State = (DomainState)(int)machine.ReplicationStateNumber,
            Power = PowerOf(machine.PowerState),
            // A host that does not say counts as one that starts it: the fence is then set, which costs nothing.
            StartsByItself = message.StartupAction != 2,
            Extended = machine.Extended,
            TargetsPeer = !names(partner),
            FitToSwitch = machine.ReplicationHealth != ReplicationHealth.Critical,
            LastType = (DomainType)(int)message.LastReplicationType,
            LastReplication = machine.LastReplicationTime?.ToDateTimeOffset(),
            FailedOverType = (DomainType)(int)message.FailedOverType,
            LastStart = runs.LastStart,
            LastStop = runs.LastStop,
            // Only of the stop that was read: an agent that is older, or has not seen that one, tells no cause.
            StopCause = message.LastStopTime is { } stop && runs.LastStop == stop.ToDateTimeOffset() ? CauseOf(message.StopCause) : Failover.StopCause.Unknown,
            Job = message.Jobs is [var job, ..] ? JobOf((int)job.Type, job.OperationId)
                : machine.LiveOperationId.Length > 0 ? JobOf(type: 0, machine.LiveOperationId) : null,
            TestMachine = message.TestMachineIds.Count == 0 ? TestMachine.None : TestMachine.Foreign,
        };
    }

    private static JobFacts JobOf(int type, string operation) => new(type, operation.Length > 0) { Operation = Guid.TryParse(operation, out var id) ? id : null };

    // A cluster's broker and an alias are names of no host in the inventory: only another known host is certainly another.
    private bool IsThird(string partner, string own, string peer)
        => partner.Length > 0 && !ComputerName.IsOf(partner, peer) && !ComputerName.IsOf(partner, own)
            && registry.ByName.Any(connection => ComputerName.IsOf(partner, connection.Host.Name));

    // A statement stands for the silent side's read: it is off, and in the state that was last seen.
    private static SiteRead Silent(SiteMemory memory, long began, string why)
    {
        var last = LastOf(memory);
        var facts = memory.StatedOff
            ? (last is null ? new Facts() : Of(last, memory.Runs, _ => false)) with { Reached = false, StatedOff = true, Power = Power.Off, Job = null }
            : new Facts { Reached = false };
        return new SiteRead(facts, last, memory, began, why);
    }

    private static Failover.StopCause CauseOf(Contracts.Failback.V1.StopCause cause) => cause switch
    {
        Contracts.Failback.V1.StopCause.Ours or Contracts.Failback.V1.StopCause.Guest => Failover.StopCause.ShutDown,
        Contracts.Failback.V1.StopCause.HostDown => Failover.StopCause.HostDown,
        _ => Failover.StopCause.Unknown,
    };

    private static Power PowerOf(PowerState state) => state switch
    {
        PowerState.Running => Power.Running,
        PowerState.Off => Power.Off,
        PowerState.Saved or PowerState.FastSaved or PowerState.Hibernated => Power.Saved,
        PowerState.Paused => Power.Paused,
        _ => Power.Moving,
    };
}
