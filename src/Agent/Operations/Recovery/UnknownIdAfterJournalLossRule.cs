using HostAgent.Agent.Operations.Admission;
using HostAgent.Agent.Operations.Kinds;
using HostAgent.Agent.Operations.Model;
using HostAgent.HyperV.Jobs;

namespace HostAgent.Agent.Operations.Recovery;

/// <summary>
/// Decides about an id that the journal does not know while it is known to lack operations: the id may be one of those, and its call may have
/// been made. Pure. What the host shows refuses; where the host shows nothing, a person must have looked.
/// </summary>
internal static class UnknownIdAfterJournalLossRule
{
    /// <summary>The check to accept after checking the machine manually.</summary>
    public const string AcceptedCheck = "JOURNAL_LOST";

    /// <param name="damage">The damage in force.</param>
    /// <param name="request">What is asked for.</param>
    /// <param name="machine">The machine.</param>
    /// <param name="jobs">All jobs that affect the machine, finished ones included.</param>
    /// <returns>Why nothing may be started; null when it may.</returns>
    public static OperationRefusedException? Judge(
        JournalDamage damage, OperationRequest request, MachineShown machine, IReadOnlyList<ConcreteJob> jobs)
    {
        var job = jobs.Where(request.Kind.Starts).OrderBy(found => found.IsTerminal).FirstOrDefault();
        if (job is { IsTerminal: false })
        {
            return Refusals.JournalLost(damage, request, $"job {job.InstanceId} is running on it, and no journaled operation started it", job.InstanceId, acceptable: false);
        }

        if (request.Kind.Judge(machine, before: null) is not StateVerdict.Undecided)
        {
            return Refusals.JournalLost(damage, request, $"{machine.StateText}, and no journaled operation explains it", jobId: null, acceptable: false);
        }

        if (request.AcceptsJournalLoss)
        {
            return null;
        }

        return job is null
            ? Refusals.JournalLost(damage, request, "the host shows no sign of one, which proves nothing after five minutes", jobId: null, acceptable: true)
            : Refusals.JournalLost(damage, request, $"job {job.InstanceId} has ended on it, and no journaled operation started it", job.InstanceId, acceptable: true);
    }
}
