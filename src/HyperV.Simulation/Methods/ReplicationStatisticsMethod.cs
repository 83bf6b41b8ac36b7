using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Failback;
using HostAgent.HyperV.Jobs;
using HostAgent.HyperV.Replication;
using HostAgent.HyperV.Services;
using HostAgent.HyperV.Simulation.Model;
using HostAgent.HyperV.Simulation.Plans;
using HostAgent.HyperV.Simulation.World;

namespace HostAgent.HyperV.Simulation.Methods;

/// <summary>GetReplicationStatistics and GetReplicationStatisticsEx: answered synchronously, as on real hosts.</summary>
internal sealed class ReplicationStatisticsMethod(string name, ObjectModel model) : ISimulatedMethod
{
    public CimMethod Declaration { get; } = ReplicationServiceMethods.Find(name)!;

    public bool IsOf(object target) => target is ReplicationService;

    public CimMethodResult Invoke(HostWorld world, object target, IReadOnlyDictionary<string, object?> inputs, Action<StateRecord> commit)
    {
        if (References.Find<VirtualMachine>(world, model, inputs.GetValueOrDefault("ComputerSystem")) is not { } machine)
        {
            return MethodResults.With((uint)ReturnCode.InvalidParameter, "Job", null);
        }

        return RelationshipClass.Of(machine).Any()
            ? new CimMethodResult((uint)ReturnCode.Completed, new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase)
            {
                ["ReplicationStatistics"] = new[] { HostXml.Write(Statistics(world, machine)) },
                ["ReplicationHealthIssues"] = machine.Health is ReplicationHealth.Warning or ReplicationHealth.Critical
                    ? new[] { HostXml.Write(HealthIssue(world, machine)) }
                    : null,
                ["Job"] = null,
            })
            : MethodResults.With((uint)ReturnCode.InvalidState, "Job", null);
    }

    // Of the current monitoring interval, or since the last reset. The numbers are those of a machine that replicated at every replication
    // interval until its last replication.
    private static CimInstance Statistics(HostWorld world, VirtualMachine machine)
    {
        var begun = world.Server.IntervalStart(world.NowTime);
        var start = machine.StatisticsSince is { } since && since > begun ? since : begun;
        var replicated = RelationshipClass.LastReplication(world, machine) is { } last && last > start ? last - start : TimeSpan.Zero;
        var cycles = (uint)(replicated / machine.ReplicationInterval);
        var missed = (uint)((world.NowTime - start - replicated) / machine.ReplicationInterval);
        return new CimInstance(path: null, "Msvm_ReplicationStatistics", new Dictionary<string, object?>
        {
            ["StartStatisticTime"] = start,
            ["EndStatisticTime"] = world.NowTime,
            ["ReplicationSuccessCount"] = cycles,
            ["ReplicationSize"] = cycles * 10_000_000ul,
            ["MaxReplicationSize"] = cycles > 0 ? 10_000_000ul : 0,
            ["ReplicationLatency"] = cycles * 12,
            ["MaxReplicationLatency"] = cycles > 0 ? 12u : 0,
            ["ReplicationMissCount"] = missed,
            ["NetworkFailureCount"] = 0u,
            ["ReplicationFailureCount"] = 0u,
            ["PendingReplicationSize"] = 0ul,
            ["ApplicationConsistentSnapshotFailureCount"] = 0u,
            ["ReplicationHealth"] = (uint)machine.Health,
            ["LastTestFailoverTime"] = null,
        });
    }

    private static CimInstance HealthIssue(HostWorld world, VirtualMachine machine) => new(path: null, "Msvm_Error", new Dictionary<string, object?>
    {
        ["MessageID"] = "33680",
        ["Message"] = HostLanguage.Text(
            world, $"The replication of virtual machine '{machine.Name}' needs attention: its health is {Numbered.Text(machine.Health)}."),
        ["PerceivedSeverity"] = (ushort)(machine.Health == ReplicationHealth.Critical ? 4 : 3),
    });
}

/// <summary>Resets a machine's replication statistics.</summary>
internal static class StatisticsOperations
{
    public static IReadOnlyList<MachineOperation> All { get; } =
    [
        MachineOperation.OfReplicationService("ResetReplicationStatistics", Reset), MachineOperation.OfReplicationService("ResetReplicationStatisticsEx", Reset),
    ];

    private static OperationDecision Reset(OperationCall call) => (RelationshipArgument.Read(call, out var refusal), call.Machine) switch
    {
        (null, _) => refusal!,
        (_, { Mode: ReplicationMode.None or ReplicationMode.TestReplica }) => Refusals.WrongMode(call.Machine),
        (ChangedSettings.ExtendedRelationship, { Extended: false }) => OperationDecision.InvalidState("the machine has no extended relationship"),
        _ => OperationDecision.Start(JobType.ResetReplicationStatistics, OperationPlans.Timed(call.Machine, 1, new MachineChange { ResetsStatistics = true })),
    };
}
