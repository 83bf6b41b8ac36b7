using System.Globalization;
using HostAgent.Agent.Jobs;
using HostAgent.Agent.Operations.Kinds;
using HostAgent.Agent.Operations.Model;
using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Jobs;

namespace HostAgent.Agent.Operations.Recovery;

/// <summary>
/// Decides whether a call took effect whose answer was lost (the agent died, or the connection broke), by comparing the host's state
/// with its state before the intent. Pure; the README has the table.
/// </summary>
internal static class LostCallResolution
{
    /// <param name="kind">The kind of operation.</param>
    /// <param name="before">What the host showed before the call.</param>
    /// <param name="elapsed">Time since then, at least as much as really passed.</param>
    /// <param name="looking">Time since the host was first checked after the answer was lost.</param>
    /// <param name="timing">How fast the host does things.</param>
    /// <param name="machine">The machine now; null when it is not on this host.</param>
    /// <param name="jobs">All jobs that affect the machine now, finished ones included.</param>
    public static LostCallVerdict Judge(
        IOperationKind kind,
        IntentEvidence before,
        TimeSpan elapsed,
        TimeSpan looking,
        HostTiming timing,
        MachineShown? machine,
        IReadOnlyList<ConcreteJob> jobs)
    {
        if (kind.Repeats == LostCallRepeat.Always)
        {
            return new LostCallVerdict.Nothing("the same call again changes nothing");
        }

        var started = jobs.Where(job => kind.Starts(job) && !before.JobIds.Contains(job.InstanceId, StringComparer.OrdinalIgnoreCase)).ToList();
        if (started.Count == 1)
        {
            return new LostCallVerdict.Adopt(started[0], $"job {started[0].InstanceId} appeared on the machine after the intent to call");
        }

        if (started.Count > 1)
        {
            return new LostCallVerdict.Undecided(
                string.Create(CultureInfo.InvariantCulture, $"{started.Count} jobs of this kind appeared on the machine after the intent to call ({string.Join(", ", started.Select(job => job.InstanceId))})"));
        }

        if (machine is not { } now || (now.State is null && before.ReplicationState is not null))
        {
            return InDoubt(looking, timing, machine is null ? "the machine is no longer on this host" : "the machine shows no replication relationship");
        }

        var was = before.Shown;
        if (was is { State: null, Mode: null })
        {
            return new LostCallVerdict.Undecided($"the replication state before the call is unknown; now {now.StateText}");
        }

        if (!kind.IsUnchanged(now, was))
        {
            var change = $"{now.ChangeSince(was)} after the intent to call, and the job is not listed";
            return kind.Judge(now, was) switch
            {
                StateVerdict.Done => new LostCallVerdict.Done(change),
                StateVerdict.InProgress => new LostCallVerdict.InProgress(change),
                _ => InDoubt(looking, timing, change),
            };
        }

        var unchanged = now.State is { } state
            ? $"the replication state is still {Numbered.Text(state)} and no job of this kind appeared"
            : $"the machine is still {now.Power} and no job of this kind appeared";
        if (elapsed < TimeSpan.Zero)
        {
            return new LostCallVerdict.Undecided($"{unchanged}, but the clock went back since the intent, so a job may have come and gone");
        }

        if (elapsed < timing.CallSettlingTime)
        {
            return new LostCallVerdict.LookAgain(timing.CallSettlingTime - elapsed);
        }

        return elapsed <= timing.JobRetention
            ? new LostCallVerdict.Nothing(unchanged)
            : new LostCallVerdict.Undecided($"{unchanged}, but the host was not checked for longer than it keeps finished jobs, so one may have come and gone");
    }

    /// <summary>What a machine that appeared since the intent adds, for a call that makes one.</summary>
    /// <param name="made">The machines that appeared; null for a call that makes none, or when it is not known what was there before.</param>
    /// <param name="verdict">What the machine itself and its jobs say.</param>
    public static LostCallVerdict WithMade(IReadOnlyList<string>? made, LostCallVerdict verdict) => (made, verdict) switch
    {
        (null or [], _) or (_, LostCallVerdict.Adopt) => verdict,
        ([var one], _) => new LostCallVerdict.Done($"machine {one} appeared after the intent to call, and its job is not listed"),
        _ => new LostCallVerdict.Undecided($"{made.Count} machines appeared after the intent to call, and only one can be its own"),
    };

    private static LostCallVerdict InDoubt(TimeSpan looking, HostTiming timing, string reason)
        => looking < timing.UndecidedGracePeriod ? new LostCallVerdict.LookAgain(timing.UndecidedGracePeriod - looking) : new LostCallVerdict.Undecided(reason);
}

/// <summary>What became of a call whose answer was lost.</summary>
internal abstract record LostCallVerdict
{
    private LostCallVerdict()
    {
    }

    /// <summary>It started this job.</summary>
    public sealed record Adopt(ConcreteJob Job, string Reason) : LostCallVerdict;

    /// <summary>It took effect and is still running, though no job is listed.</summary>
    public sealed record InProgress(string Reason) : LostCallVerdict;

    /// <summary>It took effect and has completed.</summary>
    public sealed record Done(string Reason) : LostCallVerdict;

    /// <summary>The host proves that it had no effect: it may be repeated.</summary>
    public sealed record Nothing(string Reason) : LostCallVerdict;

    /// <summary>Too early to tell.</summary>
    public sealed record LookAgain(TimeSpan After) : LostCallVerdict;

    /// <summary>Nothing on the host decides, and nothing will.</summary>
    public sealed record Undecided(string Reason) : LostCallVerdict;
}
