using HostAgent.Agent.Jobs;
using HostAgent.Agent.Operations.Kinds;
using HostAgent.Agent.Operations.Model;

namespace HostAgent.Agent.Operations.Recovery;

/// <summary>What a machine shows about a running operation without a job.</summary>
internal abstract record JoblessVerdict
{
    private JoblessVerdict()
    {
    }

    /// <summary>The host is at it.</summary>
    public sealed record AtWork : JoblessVerdict;

    /// <summary>The host has done it.</summary>
    public sealed record Done(string Reason) : JoblessVerdict;

    /// <summary>It decides nothing, and may do so only for a while: right after a restart of its management service a host shows little.</summary>
    public sealed record InDoubt : JoblessVerdict;

    /// <summary>It has decided nothing for long enough to be believed.</summary>
    public sealed record Undecided(string Reason) : JoblessVerdict;
}

/// <summary>Decides a running operation without a job by its machine's replication state. Pure; the README has the table.</summary>
internal static class JoblessOutcomeRule
{
    /// <param name="kind">The kind of operation.</param>
    /// <param name="before">What the host showed before the call; null when that is not known.</param>
    /// <param name="machine">The machine; null when it is not on this host.</param>
    /// <param name="doubted">For how long it has decided nothing.</param>
    /// <param name="timing">How fast the host does things.</param>
    public static JoblessVerdict Judge(IOperationKind kind, IntentEvidence? before, MachineShown? machine, TimeSpan doubted, HostTiming timing)
    {
        var seen = machine is null ? "the machine is no longer on this host" : kind.Describe(machine);
        return (machine is null ? StateVerdict.Undecided : kind.Judge(machine, before?.Shown)) switch
        {
            StateVerdict.InProgress when !kind.WorksOnlyInJobs => new JoblessVerdict.AtWork(),
            StateVerdict.Done => new JoblessVerdict.Done(seen),
            _ => doubted < timing.UndecidedGracePeriod ? new JoblessVerdict.InDoubt() : new JoblessVerdict.Undecided(seen),
        };
    }
}
