using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Jobs;
using HostAgent.HyperV.Machines;
using HostAgent.HyperV.Replication;
using HostAgent.HyperV.VirtualMachines;

namespace HostAgent.Agent.Operations.Model;

/// <summary>A host's job as last seen, in the form the journal keeps.</summary>
internal sealed record JobSnapshot
{
    /// <summary>The CIM object path as the host returned it.</summary>
    public required string Path { get; init; }

    /// <summary>The class in the path.</summary>
    public required string ClassName { get; init; }

    /// <summary>The host's number for the state; null before the job was read and after it has gone.</summary>
    public uint? State { get; init; }

    /// <summary>The host no longer has the job.</summary>
    public bool Gone { get; init; }

    /// <summary>0 to 100; null when the host has not said.</summary>
    public int? PercentComplete { get; init; }

    /// <summary>The host's own text, in the host's language.</summary>
    public string Status { get; init; } = "";

    /// <summary>0 when good.</summary>
    public uint ErrorCode { get; init; }

    /// <summary>The host's error text, in the host's language.</summary>
    public string ErrorDescription { get; init; } = "";

    /// <summary>The host's short error text, in the host's language.</summary>
    public string ErrorSummary { get; init; } = "";

    /// <summary>Whether the host offers cancellation.</summary>
    public bool Cancellable { get; init; }

    public uint JobType { get; init; }

    /// <summary>When the job was started, by the host's clock.</summary>
    public DateTimeOffset? StartTime { get; init; }

    /// <summary>Every error the finished job reported.</summary>
    public IReadOnlyList<string> Errors { get; init; } = [];
}

/// <summary>Takes jobs over from the host in the form the journal keeps.</summary>
internal static class JobSnapshots
{
    /// <summary>A job as it was read.</summary>
    public static JobSnapshot Of(ConcreteJob job, IReadOnlyList<string>? errors = null) => new()
    {
        Path = job.Path.ToString(),
        ClassName = job.ClassName,
        State = (uint)job.State,
        PercentComplete = job.PercentComplete is { } percent ? Math.Clamp(percent, 0, 100) : null,
        Status = job.Status ?? "",
        ErrorCode = job.ErrorCode,
        ErrorDescription = job.ErrorDescription ?? "",
        ErrorSummary = job.ErrorSummary ?? "",
        Cancellable = job.Cancellable,
        JobType = (uint?)job.JobType ?? 0,
        StartTime = job.StartTime,
        Errors = errors ?? [],
    };

    /// <summary>A job that was named by the host and not read yet.</summary>
    public static JobSnapshot Named(CimObjectPath path) => new() { Path = path.ToString(), ClassName = path.ClassName };
}

/// <summary>
/// What the host showed immediately before the call, kept with the intent. After a crash it is compared with what the host
/// shows then: only a host that still shows the same can prove that the call never took effect.
/// </summary>
/// <param name="Time">When it was read, by the agent's clock.</param>
/// <param name="ReplicationState">The machine's replication state as the host's number; null when unknown.</param>
/// <param name="JobIds">The InstanceIDs of all jobs that affected the machine, finished ones included.</param>
internal sealed record IntentEvidence(DateTimeOffset Time, int? ReplicationState, IReadOnlyList<string> JobIds)
{
    /// <summary>The machine's replication mode as the host's number; null in the evidence of an older agent.</summary>
    public int? Mode { get; init; }

    /// <summary>Its power state as the host's number; null in the evidence of an older agent.</summary>
    public int? Power { get; init; }

    /// <summary>Since when it had been in that power state; null when the host does not report it.</summary>
    public DateTimeOffset? PowerSince { get; init; }

    /// <summary>The host's monotonic counter at that moment. It goes on when the agent is restarted, and setting the clock does not change it; null in the evidence of an older agent.</summary>
    public TimeSpan? Counter { get; init; }

    /// <summary>The GUIDs of the machines that test failovers had made of it; null for a kind that makes none.</summary>
    public IReadOnlyList<string>? TestMachines { get; init; }

    /// <summary>
    /// The time since, at least as long as it was: the longer one of what clock and counter say, so that a clock that was set back does not make an absence shorter. Negative when the clock
    /// went back and the counter does not tell, because the host was restarted.
    /// </summary>
    public TimeSpan ElapsedAt(TimeProvider time)
    {
        var byClock = time.GetUtcNow() - Time;
        return CountedAt(time) is { } counted && counted > byClock ? counted : byClock;
    }

    /// <summary>The time since, whatever was done to the clock; by the clock when the counter does not tell.</summary>
    public TimeSpan MeasuredAt(TimeProvider time) => CountedAt(time) ?? time.GetUtcNow() - Time;

    /// <summary>The host's monotonic counter.</summary>
    public static TimeSpan CounterOf(TimeProvider time) => time.GetElapsedTime(0);

    private TimeSpan? CountedAt(TimeProvider time) => Counter is { } then && CounterOf(time) - then is var counted && counted >= TimeSpan.Zero ? counted : null;

    /// <summary>The machine as it was shown.</summary>
    public MachineShown Shown => new((ReplicationState?)ReplicationState) { Mode = (ReplicationMode?)Mode, Power = (EnabledState?)Power, PowerSince = PowerSince };
}

/// <summary>What a host shows of a machine, as far as operations are judged by it.</summary>
/// <param name="State">The replication state; null without a relationship, or when unknown.</param>
internal sealed record MachineShown(ReplicationState? State)
{
    /// <summary>The replication mode; null when unknown.</summary>
    public ReplicationMode? Mode { get; init; }

    /// <summary>The power state; null when unknown.</summary>
    public EnabledState? Power { get; init; }

    /// <summary>Since when it has been in that power state; null when unknown.</summary>
    public DateTimeOffset? PowerSince { get; init; }

    /// <summary>A machine as it was read; null for one that the host does not have.</summary>
    public static MachineShown? Of(VirtualMachine? machine) => machine is null ? null : new(machine.Relationship is null ? null : machine.ReplicationState)
    {
        Mode = machine.ReplicationMode,
        Power = machine.EnabledState,
        PowerSince = machine.PowerSince,
    };

    /// <summary>What differs from an earlier look, in words.</summary>
    public string ChangeSince(MachineShown before)
        => before.State != State ? $"the replication state went from {Text(before.State)} to {Text(State)}"
            : before.Mode != Mode ? $"the replication mode went from {before.Mode} to {Mode}"
            : before.Power != Power ? $"the machine went from {before.Power} to {Power}"
            : $"the machine has been {Power} since another time than before";

    /// <summary>The replication state in words.</summary>
    public string StateText => State is { } state ? $"its replication state is {Numbered.Text(state)}" : "it shows no replication relationship";

    private static string Text(ReplicationState? state) => state is { } known ? Numbered.Text(known) : "none";
}
